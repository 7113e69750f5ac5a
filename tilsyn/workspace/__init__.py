"""The workspace on disk: settings file, catalogues, registers, log, draws, ledger."""
