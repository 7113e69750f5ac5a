"""A real browser for tests: Debian's Chromium without a screen, told what to do through its own debugging pipe."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# axe-core as npm delivers it (4.14.1, MPL-2.0): the rules of WCAG that a program can check.
_AXE = Path(__file__).parent.parent / "data" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Chromium reads commands from file 3 and answers in file 4, each message ended by a NUL byte.
_START = 'exec "$@" 3<&"$TILSYN_IN" 4>&"$TILSYN_OUT"'
_OPTIONS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--lang=da",
)


class Browser:
    """One tab of a browser that is running."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = commands
        self._answers = os.fdopen(answers, "rb")
        self._number = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "DOM", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command of the DevTools protocol and return its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != self._number:
            self.events.append(answer)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def _read(self) -> dict[str, Any]:
        data = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            assert byte, "the browser has ended"
            data += byte
        answer: dict[str, Any] = json.loads(data)
        return answer

    def open(self, page: Path) -> None:
        """Open a page from disk, and wait until it is there."""
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._read())

    def evaluate(self, script: str) -> Any:
        """Return what a script comes to, awaited."""
        options = {"awaitPromise": True, "returnByValue": True}
        answer = self.call("Runtime.evaluate", expression=script, **options)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def see_as(self, width: int, scheme: str) -> None:
        """Let the window be so wide, in a light or a dark scheme."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False
        )
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def violations(self) -> list[str]:
        """Return what axe finds: each rule that is broken, and where."""
        if not self.evaluate("'axe' in window"):
            self.evaluate(_AXE.read_text("utf-8"))
        options = {"runOnly": {"type": "tag", "values": _RULES}, "resultTypes": ["violations"]}
        told = "result.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target}`))"
        found: list[str] = self.evaluate(f"axe.run(document, {json.dumps(options)}).then((result) => {told})")
        return found

    def choose(self, selector: str, files: Sequence[Path]) -> None:
        """Choose files in a file field, as a person does."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in files])

    def press(self, key: str, code: int) -> None:
        """Press a key."""
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def screenshot(self, path: Path, height: int | None = None) -> None:
        """Save a picture of the whole page, or of its upper part."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"], "scale": 1}
        data = self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"]
        path.write_bytes(base64.b64decode(data))


def is_here() -> bool:
    """Tell whether there is a browser."""
    return shutil.which("chromium") is not None


@contextmanager
def running(profile: Path) -> Iterator[Browser]:
    """Run a browser with an empty profile of its own."""
    their_in, our_out = os.pipe()
    our_in, their_out = os.pipe()
    environment = {**os.environ, "TILSYN_IN": str(their_in), "TILSYN_OUT": str(their_out)}
    command = ["bash", "-c", _START, "-", "chromium", *_OPTIONS, f"--user-data-dir={profile}"]
    with subprocess.Popen(
        command, pass_fds=(their_in, their_out), env=environment, stderr=subprocess.DEVNULL
    ) as process:
        os.close(their_in)
        os.close(their_out)
        browser = Browser(our_out, our_in)
        try:
            yield browser
        finally:
            # Closed pipes end a browser that no longer answers, too.
            os.close(our_out)
            browser._answers.close()
            process.wait()
