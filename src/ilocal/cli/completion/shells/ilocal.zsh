#compdef ilocal
# Completion of ilocal in zsh. The program itself knows what may come next; this only passes the words on.

_ilocal() {
    local program=${(Q)words[1]} how line
    local -a lines found shown options
    [[ $program != '~/'* ]] || program=$HOME/${program#'~/'}
    lines=("${(@f)$(_ILOCAL_COMPLETE=zsh $program "$COLUMNS" "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2> /dev/null)}")
    how=$lines[1]
    case $how in
        files*) compset -P '--[a-z-]#='; _files; return ;;
        folders*) compset -P '--[a-z-]#='; _files -/; return ;;
    esac
    for line in "${(@)lines[2,-1]}"; do
        found+=("${line%%$'\t'*}")
        shown+=("${line#*$'\t'}")
    done
    (( $#found )) || return 1
    [[ $how != *nospace* ]] || options+=(-S '')
    if [[ $how == *replace* ]]; then
        options+=(-U)
        (( $#found == 1 )) || compstate[insert]=menu compstate[list]='list force'
    fi
    compadd -V ilocal -l -d shown "${(@)options}" -a found
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _ilocal "$@" # as a file of $fpath
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
    compdef _ilocal ilocal
fi
