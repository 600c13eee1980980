# Completion of lorm in fish. What can come next, lorm itself says.

function __lorm_complete
    set -l typed (commandline -ct)
    set -l words (commandline -opc) (string unescape -- $typed; or echo $typed)
    set -l value (string replace -r -- '^-[^=]*=' '' $typed)
    set -l before (string match -r -- '^-[^=]*=' $typed)
    test (count $words) -gt (count (commandline -opc)); or set -a words ''
    for line in (lorm completion --words -- $words 2>/dev/null)
        switch $line
            case ':files *'
                # it offers all files, these first
                set -l ending (string replace ':files ' . $line)
                __fish_complete_suffix $value $ending | string match -re -- "^[^\t]*(/|\\$ending)(\t|\$)" | string replace -r -- '^' "$before"
            case ':files'
                string replace -r -- '^' "$before" (__fish_complete_path $value)
            case ':folders'
                string replace -r -- '^' "$before" (__fish_complete_directories $value)
            case '*'
                echo $line
        end
    end
end

complete -c lorm -f -a '(__lorm_complete)'
