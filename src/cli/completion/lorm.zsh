#compdef lorm
# Completion of lorm in zsh. What can come next, lorm itself says.

_lorm() {
  local line program=${(Q)words[1]} tab=$'\t'
  local -a items
  program=${program/#\~\//$HOME/}
  (( $+commands[$program] )) || [[ -x $program ]] || program=lorm
  while IFS= read -r line; do
    case $line in
      ':files '*) compset -P '-*='; _files -g "*.${line#:files }(-.)" ;;
      ':files') compset -P '-*='; _files ;;
      ':folders') compset -P '-*='; _files -/ ;;
      *$tab*) items+=("${${line%%$tab*}//:/\\:}:${line#*$tab}") ;;
      *) items+=("${line//:/\\:}") ;;
    esac
  done < <($program completion --words -- "${(Q@)words[1,CURRENT]}" 2>/dev/null)
  (( $#items )) && _describe -t lorm lorm items
}

if [[ $funcstack[1] == _lorm ]]; then _lorm "$@"; else compdef _lorm lorm; fi
