# Completion of ilocal in bash. The program itself knows what may come next; this only passes the line on.

_ilocal() {
    local program=$1 how="" line
    COMPREPLY=()
    [[ $program != "~/"* ]] || program=$HOME/${program#"~/"}
    while IFS= read -r line; do
        if [[ -z $how ]]; then how=$line; else COMPREPLY+=("$line"); fi
    done < <(_ILOCAL_COMPLETE=bash "$program" \
        "${COMP_LINE:0:COMP_POINT}" "$COMP_TYPE" "$COMP_WORDBREAKS" "${COLUMNS:-80}" 2> /dev/null)
    type compopt > /dev/null 2>&1 || return 0 # bash 3 of macOS
    case $how in
        files*) compopt -o default ;;
        folders*) compopt -o dirnames -o plusdirs ;;
        *nospace) compopt -o nospace ;;
    esac
}

complete -o nosort -F _ilocal ilocal 2> /dev/null || complete -o default -F _ilocal ilocal
