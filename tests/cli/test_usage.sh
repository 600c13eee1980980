#!/bin/sh
# Commands, options, help: what is said when somebody asks wrongly, without any database.
. "${0%/*}/harness.sh"
tests=$(cd "${0%/*}" && pwd)
cd "$work"

run lorm; is 2; says 'usage: lorm COMMAND'; is_silent
run lorm help; is 0; prints 'db push'; prints '--color auto|always|never'
run lorm help db push; is 0; prints '--force-reset'; prints '--schema PATH'
run lorm help db; is 0; prints 'db execute'
run lorm db --help; is 0; prints 'usage: lorm db COMMAND'; prints 'db execute'
run lorm help seed; is 0; helped=$out
run lorm help db seed; is 0; prints "$helped"
run lorm seed --help; is 0; prints "$helped"
run lorm dev psql --help; is 0; prints 'usage: lorm dev psql [ARG...]'
run lorm db push --help; is 0; prints '--accept-data-loss'
run lorm help nonsense; is 2; says 'no command `nonsense`'
run lorm version; is 0; prints 'lorm '
run lorm --version; is 0; prints 'lorm '
plain=${out#lorm }
run lorm version --json; is 0; prints "{\"lorm\":\"$plain\""; prints '"libpq":"1'; prints '"compiler":"'
prints '"name":"hiredis"'; prints '"optional":true'
run lorm eval 'lorm.version'; is 0; prints "$plain"

run lorm rnu x.lua; is 2; says 'Unknown command `rnu`'; says 'did you mean `run`'
run lorm db psuh; is 2; says 'did you mean `db push`'
run lorm db; is 2; says 'several commands'; says 'lorm help db COMMAND'; says 'db execute'; is_silent
run lorm db nonsense; is 2; says 'Unknown command `db nonsense`'; says 'db execute'
run lorm push; is 2; says 'did you mean `db push`?'
run lorm pusj; is 2; says 'did you mean `db push`?'
run lorm status; is 2; says 'did you mean `dev status` or `migrate status`?'
run lorm nonsense; is 2; says '`lorm help` lists what there is'
run lorm help pussh; is 2; says 'did you mean `db push`?'
run lorm help run fast; is 2; says 'there is `run`'
run lorm --json schema extra; is 2; says '`extra`'
run lorm db --json push --hepl; is 2; says 'did you mean --help?'
run lorm db push --accept-data-los; is 2; says 'did you mean --accept-data-loss?'
run lorm db push extra; is 2; says '`extra`'
run lorm db push --json=yes; is 2; says '--json takes no value'
run lorm db push --url; is 2; says '--url needs a value'
run lorm db push --color sometimes; is 2; says 'one of auto|always|never'
run lorm db push --color nevr; is 2; says 'did you mean never?'
run lorm run; is 2; says 'lorm run FILE.lua'
run lorm eval; is 2; says 'lorm eval CHUNK'
run lorm db execute; is 2; says '--file FILE or --stdin'
run lorm migrate diff; is 2; says '--from-'
run lorm migrate diff --from-empty; is 2; says '--to-'
run lorm migrate diff --from-empty --from-url x --to-empty; is 2; says 'is enough'

# colours: only where they are asked for, or somebody looks
run lorm rnu --color always; is 2
run lorm run nothing.lua --color always; not_says '['
run lorm --color always run nothing.lua; is 1; says "$(printf '\033[1;31merror')"
run lorm --color never run nothing.lua; not_says "$(printf '\033')"

NO_COLOR=1 CLICOLOR_FORCE=1 run lorm run nothing.lua; not_says "$(printf '\033')"
CLICOLOR_FORCE=1 run lorm run nothing.lua; says "$(printf '\033[1;31merror')"
CLICOLOR_FORCE=0 run lorm run nothing.lua; not_says "$(printf '\033')"
FORCE_COLOR=1 run lorm run nothing.lua; says "$(printf '\033[1;31merror')"
run lorm help seed --color always; prints "$(printf '\033[1mOptions')"

# what does not exist
run lorm run nothing.lua; is 1; says 'Cannot read nothing.lua'
run lorm validate; is 1; says 'There is no project here'; says 'hint: '
run lorm db push; is 1; says 'There is no project here'
run lorm validate --schema nothing.prisma; is 1; says 'nothing.prisma'
mkdir schema; echo 'nonsense' >schema/x.prisma
run lorm validate; is 1; says 'error[P1012]'; says 'schema/x.prisma:1:1'
run lorm validate --json; is 1; prints '"valid":false'
run lorm db push --url postgres://u@localhost:1/x; is 1; says 'error[P1012]'; is_silent
run lorm db execute --file nothing.sql; is 1; says 'Cannot read nothing.sql'
mkdir folder.lua
run lorm run folder.lua; is 1; says 'folder.lua'

# init: everything or nothing
run lorm init new; is 0; prints 'new/schema/schema.prisma'; exists new/lorm.config.lua; exists new/.env
run lorm init new; is 1; says 'exists already'
(cd new && "$lorm" validate -q) || bad 'a new project is valid'
run lorm init --with-model with; is 0
run lorm format --check --schema with/schema; is 0
mkdir half; touch half/seeds
run lorm init half; is 1; absent half/schema; absent half/lorm.config.lua; absent half/.env
mkdir -p theirs/prisma
run lorm init theirs; is 1; says 'Prisma'; absent theirs/.env

# the manual page
run lorm help --man; is 0; prints '.TH LORM 1'; prints '.SH "EXIT STATUS"'; prints "\"lorm $plain\""
ran='mandoc -T lint' out=$(printf '%s\n' "$out" | mandoc -T lint 2>&1) status=$?; is 0; is_silent

# the table of commands
run lorm run "$tests/help.lua" "$lorm"; is 0

finish
