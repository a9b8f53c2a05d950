"""One module a subcommand: `NAME`, `HELP`, `add_arguments(parser)` and `run(args) -> exit code`.

The frame reads the two texts without importing the module, so `daybook --help` is instant whatever a command needs."""
