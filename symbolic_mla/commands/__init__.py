"""The commands, one a file. A module of a command imports only click and light neighbours before it runs."""
