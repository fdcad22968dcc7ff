#include "runner/complete/scripts.hpp"

namespace runner::complete {
namespace {

// What `runner complete` prints: a line for each candidate, its meaning behind a tab; and
// `:files` where file names are right, too.

// bash cuts words at = and :, which are parts of ours: the line is read anew, and what stands
// before the last cut is taken from the candidates.
constexpr std::string_view bash = R"sh(# Completion of runner for bash.
_runner() {
    local line=${COMP_LINE:0:COMP_POINT} words current cut candidate
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    current=${words[-1]}
    cut=${current%"${current##*[=:]}"}
    if [[ $current == [\'\"]* ]]; then
        words[-1]=${current:1} cut=""  # within quotes nothing is cut
    fi
    COMPREPLY=()
    while IFS= read -r candidate; do
        if [[ $candidate == :files ]]; then
            compopt -o default
        else
            COMPREPLY+=("${candidate#"$cut"}")
        fi
    done < <(command "${words[0]/#\~/$HOME}" complete -- "${words[@]:1}" 2>/dev/null | cut -f1)
    [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[*]} == *[=./,]* && -z ${COMPREPLY[*]/#*[=.\/,]} ]] && compopt -o nospace
}
complete -F _runner runner
)sh";

constexpr std::string_view zsh = R"sh(#compdef runner
# Completion of runner for zsh.
_runner() {
    local -a whole whole_about open open_about
    local line value about current files=0
    current=${(Q)words[CURRENT]}
    current=${current#[\'\"]}  # of a quote that is still open
    while IFS= read -r line; do
        if [[ $line == :files ]]; then files=1; continue; fi
        value=${line%%$'\t'*}
        about=$value
        [[ $line == *$'\t'* ]] && about="$value  -- ${line#*$'\t'}"
        if [[ $value == *[=./,] ]]; then
            open+=("$value") open_about+=("$about")
        else
            whole+=("$value") whole_about+=("$about")
        fi
    done < <(command "${words[1]/#\~/$HOME}" complete -- "${(@Q)words[2,CURRENT-1]}" "$current" 2>/dev/null)
    (( $#whole )) && compadd -l -d whole_about -a whole
    (( $#open )) && compadd -S '' -l -d open_about -a open
    (( files )) && _files
}
if [[ ${funcstack[1]} == _runner ]]; then
    _runner "$@"
else
    compdef _runner runner
fi
)sh";

constexpr std::string_view fish = R"sh(# Completion of runner for fish.
function __runner_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (command $words[1] complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path (commandline -ct)
        else
            echo -- $line
        end
    end
end
complete -c runner -f -a '(__runner_complete)'
)sh";

}  // namespace

std::string_view script_for(std::string_view shell) {
  return shell == "zsh" ? zsh : shell == "fish" ? fish : bash;
}

}  // namespace runner::complete
