# Completion of lorm in bash. What can come next, lorm itself says.

_lorm_files() { # ENDING: files that end so, or all of them, and folders
  local found
  compopt -o filenames
  while IFS= read -r found; do COMPREPLY+=("$found"); done < <(
    compgen -d -- "$1"
    if [ -n "$2" ]; then compgen -f -X "!*.$2" -- "$1"; else compgen -f -- "$1"; fi | while IFS= read -r found; do
      [ -d "$found" ] || printf '%s\n' "$found"
    done
  )
}

_lorm() {
  local rest=$COMP_LINE before word line i program
  local -a words=()
  COMPREPLY=()
  # bash breaks words at = and : too; what no blank parts is one word
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    before=$rest
    rest=${rest#"${rest%%[![:space:]]*}"}
    if [ "$i" -gt 0 ] && [ "$before" = "$rest" ]; then words[-1]+=$word; else words+=("$word"); fi
    rest=${rest#"$word"}
  done
  program=${words[0]/#\~\//$HOME/}
  type -P -- "$program" >/dev/null || program=lorm
  word=${words[-1]}
  word=${word#[\"\']}
  words[-1]=$word
  # of "--color=al", bash replaces only what stands behind the last break
  local broken=${word%"${word##*[=:]}"} value=$word
  case $word in -*=*) value=${word#*=} ;; esac
  while IFS= read -r line; do
    case $line in
      ':files '*) _lorm_files "$value" "${line#:files }" ;;
      ':files') _lorm_files "$value" '' ;;
      ':folders')
        compopt -o filenames
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$value")
        ;;
      *)
        line=${line%%$'\t'*}
        COMPREPLY+=("${line#"$broken"}")
        ;;
    esac
  done < <("$program" completion --words -- "${words[@]}" 2>/dev/null)
}

complete -F _lorm lorm
