#!/bin/bash
# Trains mnist_1cycle on 4 machines: sbatch THIS_FILE
# Written by `recipe launch recipes/mnist_1cycle.yaml --workers 4 --render slurm`.
#SBATCH --job-name=mnist_1cycle
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=8
##SBATCH --gpus-per-node=1      # remove one # to use GPUs
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@120       # two minutes before the time limit: save and exit with 143
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail
cd "${SLURM_SUBMIT_DIR:?submit this file with sbatch}"

# The tasks recognise one another by this token; srun passes it on. Only your own processes can read it.
RECIPE_TOKEN="$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
export RECIPE_TOKEN

# A requeued job keeps its number, and therefore its directory. Only the first task writes to it.
exec srun --kill-on-bad-exit=1 \
  recipe run recipes/mnist_1cycle.yaml \
  --set hardware.strategy=multi_worker \
  --run-dir "runs/mnist_1cycle/slurm-$SLURM_JOB_ID" \
  --resume --progress plain
