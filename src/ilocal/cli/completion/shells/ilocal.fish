# Completion of ilocal in fish. The program itself knows what may come next; this only passes the words on.

function __ilocal_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l lines (env _ILOCAL_COMPLETE=fish $program $words[2..-1] "$typed" 2>/dev/null)
    set -l how (string split \t -- $lines[1])
    switch "$how[1]"
        case files
            __fish_complete_path (string replace -- "$how[2]" '' "$typed") | string replace -r '^' -- "$how[2]"
        case folders
            __fish_complete_directories (string replace -- "$how[2]" '' "$typed") | string replace -r '^' -- "$how[2]"
        case '*'
            test (count $lines) -gt 1; and printf '%s\n' $lines[2..-1]
    end
end

complete --command ilocal --no-files --keep-order --arguments '(__ilocal_complete)'
