"""Scripts for clusters, filled in with a recipe's name and the number of workers.

Both start one `recipe run --resume` per machine, always with the same run directory: after a failure, a preemption or
a time limit the scheduler restarts them, and the run continues from its last checkpoint.
"""

import re
import shlex
from pathlib import Path
from string import Template
from typing import Literal

POD_END = """\
          resources:
            requests:
              cpu: "4"
              memory: 8Gi
            # limits: {nvidia.com/gpu: 1}
          volumeMounts:
            - name: recipe
              mountPath: /recipe
              readOnly: true
            - name: runs
              mountPath: /runs
      volumes:
        - name: recipe
          configMap:
            name: $label
        - name: runs
          persistentVolumeClaim:
            claimName: runs
"""
"""What a container asks for and mounts, at the end of the script for Kubernetes."""

_SLURM = Template("""\
#!/bin/bash
# Trains $name on $workers machines: sbatch THIS_FILE
# Written by `recipe launch $file --workers $workers --render slurm`.
#SBATCH --job-name=$name
#SBATCH --nodes=$workers
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=8
##SBATCH --gpus-per-node=1      # remove one # to use GPUs
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@120       # two minutes before the time limit: save and exit with 143
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail
cd "$${SLURM_SUBMIT_DIR:?submit this file with sbatch}"

# The tasks recognise one another by this token; srun passes it on. Only your own processes can read it.
RECIPE_TOKEN="$$(od -An -N32 -tx1 /dev/urandom | tr -d ' \\n')"
export RECIPE_TOKEN

# A requeued job keeps its number, and therefore its directory. Only the first task writes to it.
exec srun --kill-on-bad-exit=1 \\
  recipe run $file \\
  --set hardware.strategy=multi_worker \\
  --run-dir "runs/$name/slurm-$$SLURM_JOB_ID" \\
  --resume --progress plain
""")

_KUBERNETES = Template(
    """\
# Trains $name in $workers pods. Written by `recipe launch $file --workers $workers --render kubernetes`.
#   kubectl create configmap $label --from-file=recipe.yaml=$file
#   kubectl create secret generic $label --from-literal=RECIPE_TOKEN="$$(openssl rand -hex 32)"
#   kubectl apply -f THIS_FILE
# The image must have recipe-runner installed; the pod of the chief, index 0, must be able to mount the claim `runs`.
apiVersion: v1
kind: Service
metadata:
  name: $label
spec:
  clusterIP: None                    # headless: every pod gets its own DNS name
  publishNotReadyAddresses: true
  selector:
    job-name: $label
  ports:
    - name: tensorflow
      port: 2222
---
apiVersion: batch/v1
kind: Job
metadata:
  name: $label
spec:
  completionMode: Indexed            # pods are $label-0, $label-1, …
  completions: $workers
  parallelism: $workers
  backoffLimit: 20
  template:
    spec:
      subdomain: $label
      restartPolicy: OnFailure       # if one dies, all exit, restart and continue from the last checkpoint
      terminationGracePeriodSeconds: 120
      containers:
        - name: recipe
          image: recipe-runner:latest
          command: [recipe, run, /recipe/recipe.yaml]
          args:
            - --set
            - hardware.strategy=multi_worker
            - --run-dir
            - /runs/$label
            - --resume
            - --progress
            - plain
          envFrom:
            - secretRef:
                name: $label             # RECIPE_TOKEN, by which the pods recognise one another
          env:
            - name: RECIPE_WORKERS
              value: "$workers"
            - name: RECIPE_ADDRESS
              value: "$label-{index}.$label:2222"
          ports:
            - containerPort: 2222
"""
    + POD_END
)


def render(kind: Literal["slurm", "kubernetes"], name: str, file: Path, workers: int) -> str:
    """The script that trains a recipe on a cluster.

    Args:
        kind: the scheduler.
        name: the recipe's name.
        file: the path of the recipe.
        workers: the number of machines.
    """
    return filled(_SLURM if kind == "slurm" else _KUBERNETES, name, file, workers)


def filled(template: Template, name: str, file: Path, workers: int) -> str:
    """A script with the name and path of a recipe and the number of workers in their places."""
    return template.substitute(name=name, label=label_of(name), file=shlex.quote(str(file)), workers=workers)


def label_of(name: str) -> str:
    """The name as a Kubernetes label: a-z, 0-9 and -, at most 50 characters, which leaves room for a pod's number."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:50].strip("-") or "recipe"
