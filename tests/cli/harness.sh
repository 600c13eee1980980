# The few words of the command line's tests. A test file sources this, and ends with `finish`.
#   run lorm args...        runs the program; $status, and what it said in $out and $err
#   is STATUS               the exit status
#   says TEXT, prints TEXT  somewhere in standard error, in standard output
#   not_says TEXT           nowhere in either
# Each file works in a folder of its own that goes with it; $lorm is the program.
set -u
lorm=${LORM:?the program to test}
work=$(mktemp -d /tmp/lorm-cli.XXXXXX)
home=$work/home
mkdir "$home"
unset DATABASE_URL NO_COLOR CLICOLOR_FORCE FORCE_COLOR PGHOST XDG_STATE_HOME
export HOME=$home
failed=0 checks=0 ran='' out='' err='' status=0
servers=''

end() {
  for folder in $servers; do (cd "$folder" && "$lorm" dev stop -q); done
  cd / && rm -rf "$work"
}
trap end EXIT
trap 'exit 1' INT TERM

bad() {
  failed=$((failed + 1))
  printf '%s: %s\n  status %s\n  stdout: %s\n  stderr: %s\n' "$ran" "$1" "$status" "$out" "$err" >&2
}
check() { checks=$((checks + 1)); }

# Standard input is what it is outside; `run_with TEXT ...` gives it a text.
run() {
  shift
  ran="lorm $*"
  "$lorm" "$@" >"$work/out" 2>"$work/err"
  status=$? out=$(cat "$work/out") err=$(cat "$work/err")
}
run_with() {
  printf '%s' "$1" >"$work/in"
  shift
  run "$@" <"$work/in"
}
is() { check; [ "$status" = "$1" ] || bad "expected exit status $1"; }
says() { check; case $err in *"$1"*) ;; *) bad "expected on stderr: $1" ;; esac; }
prints() { check; case $out in *"$1"*) ;; *) bad "expected on stdout: $1" ;; esac; }
not_says() { check; case $out$err in *"$1"*) bad "unexpected: $1" ;; esac; }
is_silent() { check; [ -z "$out" ] || bad 'expected nothing on stdout'; }
exists() { check; [ -e "$1" ] || bad "expected a file: $1"; }
absent() { check; [ ! -e "$1" ] || bad "unexpected file: $1"; }
finish() {
  printf '%s: %d checks, %d failed\n' "$0" "$checks" "$failed"
  [ "$failed" = 0 ]
}

schema() { # FOLDER: a small project
  mkdir -p "$1/schema"
  cat >"$1/schema/blog.prisma" <<'END'
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model User {
  id    Int    @id @default(autoincrement())
  email String @unique
}
END
}
