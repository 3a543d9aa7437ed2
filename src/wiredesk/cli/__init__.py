"""The `wiredesk` command.  Each command imports what it needs when it runs, so that help is instant."""

from __future__ import annotations

import sys

import click

from wiredesk import __version__
from wiredesk.cli.deciding import story
from wiredesk.cli.knowing import knowledge
from wiredesk.cli.making import add, demo, import_, new, try_
from wiredesk.cli.reading import explain, records, sources, status
from wiredesk.cli.running import rebuild, run, serve
from wiredesk.errors import UsageError, WiredeskError


class _Manual(click.Group):
    """Lists commands in the order of a site's life, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_Manual, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="wiredesk")
def cli() -> None:
    """Your own Techmeme, for any topic: sources in, a published topical news site out.

    A site is a folder.  Make one, name its sources, run it, look at it:

    \b
        wiredesk new harbour --title "The Harbour Desk"
        cd harbour
        wiredesk add https://www.example.org/
        wiredesk run
        wiredesk serve

    or see a whole one at once: `wiredesk demo`.

    All commands but new, demo and records check work on the site in the current folder, or in the one named by --site
    (or by the environment variable WIREDESK_SITE); try needs none.  Exit codes: 0 done, 1 it could not be done, 2 wrong
    use.
    """


for command in (
    new,
    try_,
    add,
    import_,
    run,
    serve,
    explain,
    story,
    status,
    sources,
    knowledge,
    records,
    rebuild,
    demo,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; errors meant for people become one line."""
    try:
        cli.main(prog_name="wiredesk", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else cli.get_help(click.Context(cli)))
        sys.exit(2)
    except click.UsageError as error:
        hint = f" (see `{error.ctx.command_path} --help`)" if error.ctx else ""
        click.echo(f"wiredesk: {error.format_message()}{hint}", err=True)
        sys.exit(2)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("wiredesk: stopped; nothing that was accepted is lost, the next run goes on from here", err=True)
        sys.exit(130)
    except UsageError as error:
        click.echo(f"wiredesk: {error}", err=True)
        sys.exit(2)
    except (click.ClickException, WiredeskError) as error:
        text = error.format_message() if isinstance(error, click.ClickException) else str(error)
        click.echo(f"wiredesk: {text}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        advice = (
            "make room and run again; nothing that was accepted is lost"
            if error.errno == 28
            else "nothing more was changed"
        )
        click.echo(f"wiredesk: {place}{error.strerror}; {advice}", err=True)
        sys.exit(1)
