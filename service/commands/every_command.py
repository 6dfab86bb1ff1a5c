"""Where each command stands; it is read in when it is called, so that none waits for what another needs."""

from __future__ import annotations

import importlib

import click

WHERE = {
    "approvals": "memory.waiting_letters:approvals",
    "audit": "memory.keeping:audit",
    "backup": "memory.keeping:backup",
    "batch": "batch.fetching:batch_group",
    "check": "check:check",
    "decide": "decide:decide",
    "due": "memory.due:due",
    "form": "form:form",
    "history": "memory.pupil_history:history",
    "import": "memory.import_cohort:import_cohort",
    "issue": "memory.issue_due:issue",
    "key": "memory.program_keys:program_keys",
    "letters": "letters:letters",
    "pupil": "memory.pupil_data:pupil_data",
    "purge": "memory.keeping:purge",
    "record": "memory.record_event:record",
    "reprint": "memory.sent_letters:reprint",
    "restore": "memory.keeping:restore",
    "reverse": "memory.sent_letters:reverse",
    "sample": "sample:sample",
    "school": "memory.school_settings:school_settings",
    "sent": "memory.became_of:sent",
    "serve": "serve:serve",
    "webhook": "memory.program_hooks:program_hooks",
    "worker": "batch.worker:worker",
}
"""Each command's name, and its module and function in this package."""


class CommandsReadWhenCalled(click.Group):
    """The commands of the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return list(WHERE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or none."""
        if cmd_name not in WHERE:
            return None
        module, _, name = WHERE[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"service.commands.{module}"), name)
        return command
