"""`tilsyn log --since`: what is new, summed up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tilsyn.base.danish_time import danish_clock
from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.which import Which, as_keys
from tilsyn.cli.console import Result, Table, console
from tilsyn.cli.log_events import event_name, event_rows, events_table, log_data, log_head, sound_state
from tilsyn.sampling.departures import in_words

if TYPE_CHECKING:
    from tilsyn.procedure.log_since import DrawNews, News
    from tilsyn.workspace.workspace import Workspace


def since_result(workspace: Workspace, since: str, which: Which | None) -> Result:
    """Sum up what is new since a day, the last report or an anchor; the JSON has the events too."""
    from tilsyn.procedure.log_since import news_since, since_count

    state = sound_state(workspace)
    news = news_since(workspace, since_count(state, since, which), which)
    title = say("log.since_title", when=_when(news, workspace), n=number(len(news.events)))
    tables: list[Table | str] = [title, *_tables(news)]
    if console().verbose and news.events:
        tables.append(events_table(news.events, log_head(state)))
    return Result(
        data=log_data(state, news.events) | {"since": _data(news, which)},
        rows=event_rows(news.events),
        tables=tables if news.events else [title, say("log.since_nothing")],
        messages=workspace.log.crash_told(),
    )


def _when(news: News, workspace: Workspace) -> str:
    """Return what is told of the moment: the day of the event before, and the log's anchor then."""
    anchor = say("log.since_anchor", anchor=workspace.log.state.anchor(news.count))
    if not news.count:
        return anchor
    return f"{danish_clock(workspace.log.events[news.count - 1]['at'])} ({anchor})"


def _data(news: News, which: Which | None) -> dict[str, Any]:
    departures = [
        {"draw_id": event["draw_id"], "departures": event["departures"], "reason": event["reason"]}
        for event in news.departures
    ]
    return {
        "count": news.count,
        **as_keys(which),
        "draws": [one.to_dict() for one in news.draws],
        "reports": [{"file": event["file"], "at": event["at"]} for event in news.reports],
        "departures": departures,
        "others": news.others,
    }


def _tables(news: News) -> list[Table]:
    tables = [_draws(news.draws)] if news.draws else []
    if news.reports:
        rows = [[danish_clock(event["at"]), event["file"]] for event in news.reports]
        columns = [say("log.col_at"), say("log.col_file")]
        tables.append(Table(columns, rows, say("log.since_reports")))
    if news.departures:
        columns = [say(f"log.col_{name}") for name in ("draw", "departures", "reason")]
        rows = [[e["draw_id"], in_words(e["departures"]), e["reason"] or ""] for e in news.departures]
        tables.append(Table(columns, rows, say("log.since_departures")))
    if news.others:
        rows = [[event_name(kind), number(n)] for kind, n in news.others.items()]
        columns = [say("log.col_event"), ">" + say("log.col_n")]
        tables.append(Table(columns, rows, say("log.since_others")))
    return tables


def _draws(draws: list[DrawNews]) -> Table:
    names = ("draw", "new_draw", ">loads", ">replacements", ">reviewed", ">new", ">changed", ">gone")
    columns = [">" * (name[0] == ">") + say(f"log.col_{name.strip('>')}") for name in names]
    rows = [
        [
            one.draw.draw_id,
            say("log.since_new_draw") if one.made else "",
            number(one.loads),
            number(one.replacements),
            f"{number(one.answers.reviewed_then)} → {number(one.answers.reviewed_now)}",
            *map(number, (one.answers.new, one.answers.changed, one.answers.gone)),
        ]
        for one in draws
    ]
    return Table(columns, rows, say("log.since_draws"))
