#!/bin/sh
# One suite over four nodes: sbatch slurm-array.sh
# Afterwards: ringside merge results/whole results/share-*
#SBATCH --job-name=ringside
#SBATCH --array=1-4
#SBATCH --exclusive
#SBATCH --nodes=1
#SBATCH --requeue
#SBATCH --output=ringside-%A_%a.log
set -eu

# A requeued task goes on where it was: finished runs are not run again.
out=${RINGSIDE_RESULTS:-results}/share-$SLURM_ARRAY_TASK_ID
if [ -f "$out/plan.json" ]; then
  exec ringside run --resume "$out"
fi
exec ringside run "${RINGSIDE_SUITE:-whitepaper}" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --out "$out"
