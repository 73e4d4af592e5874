"""Scripts that start the workers of a sweep on a cluster.

Each worker is a `recipe sweep --worker`, and they share nothing but the sweep's folder. One that is preempted or
reaches its time limit saves and exits; the scheduler starts it again, and it goes on with what is left. A file system
that machines share must lock files for all of them (NFS 4, Lustre with flock).
"""

from pathlib import Path
from string import Template
from typing import Literal

from runner.workflows.cluster_scripts import POD_END, filled

_SLURM = Template("""\
#!/bin/bash
# Works on the sweep of $name with $workers workers: sbatch THIS_FILE
# Written by `recipe sweep $file --render slurm --workers $workers`.
#SBATCH --job-name=$name-sweep
#SBATCH --array=1-$workers
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
##SBATCH --gpus-per-task=1      # remove one # to use GPUs
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@120       # two minutes before the time limit: save and exit with 143
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail
cd "$${SLURM_SUBMIT_DIR:?submit this file with sbatch}"

# Each task of the array is a worker; a requeued one goes on with what is left.
exec srun recipe sweep $file --worker --sweep-dir "runs/$name-sweep" --progress plain
""")

_KUBERNETES = Template(
    """\
# Works on the sweep of $name in $workers pods. Written by `recipe sweep $file --render kubernetes --workers $workers`.
#   kubectl create configmap $label --from-file=recipe.yaml=$file
#   kubectl apply -f THIS_FILE
# The image must have recipe-runner[search] installed; all pods must be able to mount the claim `runs` (ReadWriteMany).
apiVersion: batch/v1
kind: Job
metadata:
  name: $label-sweep
spec:
  completionMode: Indexed
  completions: $workers
  parallelism: $workers
  backoffLimit: 100
  template:
    spec:
      restartPolicy: OnFailure       # a worker that dies is started again and goes on with what is left
      terminationGracePeriodSeconds: 120
      containers:
        - name: recipe
          image: recipe-runner:latest
          command: [recipe, sweep, /recipe/recipe.yaml]
          args:
            - --worker
            - --sweep-dir
            - /runs/$label-sweep
            - --progress
            - plain
"""
    + POD_END
)


def render(kind: Literal["slurm", "kubernetes"], name: str, file: Path, workers: int) -> str:
    """The script that works on a sweep on a cluster.

    Args:
        kind: the scheduler.
        name: the recipe's name.
        file: the path of the recipe.
        workers: the number of workers.
    """
    return filled(_SLURM if kind == "slurm" else _KUBERNETES, name, file, workers)
