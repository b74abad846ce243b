# Sourced by script/server and script/test, from the top folder: makes .venv and puts the packages in it.
#
#   prepare_packages FILE   installs FILE's pinned packages unless they are there already
#
# Quiet when there is nothing to do. PYTHON names the Python to use when the one found is not the one wanted.
# A stamp in .venv says which list, for which Python, was installed to the end; a run cut short leaves
# .venv/installing behind, and the next run starts .venv afresh.

venv_python=.venv/bin/python

say() { printf '%s\n' "$*" >&2; }

fail() {
    for line in "$@"; do say "$line"; done
    [ -z "${our_turn:-}" ] || rm -f .venv/installing
    rmdir .venv 2>/dev/null || :
    exit 1
}

python_version() {
    "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null
}

new_enough() {
    case $1 in
        3.[0-9].* | 3.10.* | [012].* | '') return 1 ;;
        *) return 0 ;;
    esac
}

makes_venvs() { "$1" -c 'import venv, ensurepip' 2>/dev/null; }

# Sets $python to the first new enough Python that can make a .venv, or else to the first new enough one.
find_python() {
    python='' found=''
    set -- python3 python3.14 python3.13 python3.12 python3.11
    [ -z "${PYTHON:-}" ] || set -- "$PYTHON"
    for name in "$@"; do
        version=$(python_version "$name") || continue
        found=${found:+$found, }"$name is $version"
        new_enough "$version" || continue
        python=${python:-$name}
        if makes_venvs "$name"; then
            python=$name
            return
        fi
    done
}

no_python() {
    if [ -n "$found" ]; then
        say "Campaign Tracker needs Python 3.11 or newer; found: $found."
    elif [ -n "${PYTHON:-}" ]; then
        say "PYTHON is $PYTHON, which does not run."
    else
        say "Campaign Tracker needs Python 3.11 or newer, and found no python3."
    fi
    fail "Install one (https://www.python.org/downloads/), or name it: PYTHON=/path/to/python3.11 $0"
}

no_venv() {
    short=$(python_version "$python" | cut -d. -f1,2)
    fail "Python $short is here, but without the part that makes virtual environments." \
        "On Debian or Ubuntu: sudo apt install python$short-venv"
}

no_write() {
    fail "Cannot write to $(pwd): Campaign Tracker keeps its packages there, in .venv." \
        "Move it to a folder of yours, or make this one writable."
}

# True while the process named in the marker lives. The marker is empty for a moment after it is made. One that
# names ourselves is of a run before: in a container every run has the same number.
at_work() {
    owner=$(cat .venv/installing 2>/dev/null) || return 1
    [ -n "$owner" ] || sleep 1
    owner=$(cat .venv/installing 2>/dev/null) || return 1
    [ "$owner" != $$ ] && kill -0 "$owner" 2>/dev/null
}

# After a restart of the machine the number may be that of any other process, which never ends.
wait_a_second() {
    [ -n "${waited:-}" ] || say "Another script is setting up the packages; waiting for it"
    waited=$((${waited:-0} + 1))
    [ "$waited" -le 900 ] ||
        fail "Waited 15 minutes for process $owner, which .venv/installing says is at it." \
            "If that is something else, remove $(pwd)/.venv/installing, then run this again."
    sleep 1
}

# One set-up at a time. The marker holds the process that is at work; a dead one was cut short.
take_turn() {
    mkdir -p .venv 2>/dev/null || no_write
    until (set -C && echo $$ >.venv/installing) 2>/dev/null; do
        [ -w .venv ] || no_write
        if at_work; then
            wait_a_second
        elif [ -e .venv/installing ]; then
            rm -rf .venv
            mkdir .venv 2>/dev/null || no_write
        fi
    done
    our_turn=yes
}

# What the stamp of list $1 must say: the lists' content and the Python they were installed for.
stamp() {
    { python_version "${PYTHON:-$venv_python}" && cat requirements.txt "$1"; } | cksum
}

stamped() { [ -e ".venv/stamp-$1" ] && [ "$(cat ".venv/stamp-$1")" = "$(stamp "$1")" ]; }

venv_works() {
    version=$(python_version "$venv_python") && new_enough "$version" || return 1
    [ -z "${PYTHON:-}" ] || [ "$(python_version "$PYTHON")" = "$version" ] || return 1
    "$venv_python" -m pip --version >/dev/null 2>&1
}

make_venv() {
    find_python
    [ -n "$python" ] || no_python
    makes_venvs "$python" || no_venv
    rm -rf .venv/bin .venv/include .venv/lib .venv/lib64 .venv/pyvenv.cfg .venv/stamp-*
    "$python" -m venv .venv >.venv/setup.log 2>&1 && return
    tail -n 5 .venv/setup.log >&2
    fail "Python could not make .venv; the lines above say why."
}

no_packages() {
    tail -n 5 .venv/setup.log >&2
    if grep -q 'No space left' .venv/setup.log; then
        fail "The disk is full. Make some room, then run this again."
    fi
    fail "Could not download the packages. Check the connection; behind a proxy set HTTPS_PROXY," \
        "with a mirror set PIP_INDEX_URL."
}

install_packages() {
    "$venv_python" -m pip install --quiet --no-input --disable-pip-version-check -r "$1" \
        >.venv/setup.log 2>&1 || no_packages
}

install_list() {
    venv_works || make_venv
    rm -f ".venv/stamp-$1"
    say "Setting up Python packages, about a minute the first time"
    install_packages "$1"
    stamp "$1" >".venv/stamp-$1"
    [ "$1" = requirements.txt ] || stamp requirements.txt >.venv/stamp-requirements.txt
}

prepare_packages() {
    if [ ! -e .venv/installing ] && stamped "$1"; then return; fi
    take_turn
    stamped "$1" || install_list "$1"
    rm -f .venv/installing
}
