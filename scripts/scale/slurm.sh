# The part "slurm" of scripts/scale-test, which reads this file: training by srun on two virtual nodes, and scoring by an array of tasks.
# In each something is killed, and goes on.
# shellcheck shell=bash disable=SC2154 # the names that aren't set here are scale-test's

on_slurm() {
    if [ "$(id -u)" != 0 ] || ! PATH=$PATH:/usr/sbin command -v srun munged slurmctld slurmd mpirun.mpich >/dev/null; then
        echo "slurm: left out; it needs root, and apt-get install slurmctld slurmd slurm-client munge mpich"
        return
    fi

    "$root/scripts/scale/virtual-slurm" start "$work/slurm"
    export SLURM_CONF=$work/slurm/slurm.conf
    train_on_slurm
    score_on_slurm
}

train_on_slurm() {
    whole slurm-alone alone 1 "${new[@]}" "${frozen[@]}" --checkpoint-every 1
    whole slurm-whole slurm 2 "${new[@]}" "${frozen[@]}" --checkpoint-every 1
    run slurm-killed slurm 2 "${new[@]}" "${frozen[@]}" --checkpoint-every 1 &
    local job=$! name different=0
    soon test -e "$work/runs/slurm-killed/run/last.ckpt"
    kill -9 "$(rank_of slurm-killed)"
    ! wait "$job" || echo "  a killed job ended with 0"
    whole slurm-killed slurm 2 --resume run
    for name in whole killed; do
        [ "$(bytes_of slurm-$name)" = "$(bytes_of slurm-alone)" ] || { different=$((different + 1)); echo "  slurm-$name ended with other bytes"; }
    done
    echo "slurm, srun: $different of 2 runs on two nodes differ from one machine alone; one of them lost a rank and was resumed"
}

# Eight shards of 24 photos, two for each of four tasks. Shard 3 is broken, shard 6 comes late, and task 1 is killed at its second shard.
score_on_slurm() {
    local shard job missing
    mkdir -p "$work/scoring/tars" && cd "$work/scoring"
    (cd "$work/runs/slurm-alone" && "$program" export --run run --onnx --output "$work/scoring/model.onnx" >/dev/null)
    for shard in 0 1 2 3 4 5 6 7; do
        find "$work/normal" "$work/coco" -type l | sort | sed -n "$((1 + 24 * shard)),$((24 + 24 * shard))p" |
            tar --dereference --absolute-names --transform='s,.*/,,' -cf "tars/$shard.tar" -T -
    done
    mv tars/3.tar whole && head -c 100000 whole >tars/3.tar
    mv tars/6.tar late
    predict() { "$program" predict --model model.onnx --shards 'pipe:sleep 2; cat tars/{0..7}.tar' "$@"; }
    cat >job <<END
#!/bin/bash
#SBATCH --array=0-3 --cpus-per-task=1 --requeue --open-mode=append --output=out.%a
$(declare -f predict)
program='$program'
predict --out scores --threads "\$SLURM_CPUS_PER_TASK"
code=\$?
echo "code \$code"
if [ \$code = 75 ]; then scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\$SLURM_ARRAY_TASK_ID"; fi
exit \$code
END
    job=$(sbatch --parsable job)
    soon test -e scores/1.parquet
    kill -9 "$(pgrep -x trainer | while read -r id; do ! grep -qz '^SLURM_ARRAY_TASK_ID=1$' "/proc/$id/environ" || echo "$id"; done)"
    soon grep -q '^code 75' out.2
    mv late tars/6.tar
    soon ended "$job"
    missing=$(predict --out scores --verify | grep -o '[0-9].parquet' | tr '\n' ' ' || true)
    echo "slurm, array: ended with $(cat out.? | grep '^code' | sort | uniq -c | tr -s ' \n' ' '); missing: $missing"
    mv whole tars/3.tar
    scontrol requeue "${job}_1,${job}_3"
    soon ended "$job"
    predict --out scores --verify >/dev/null || echo "  some scores are still missing"
    predict --out alone --threads 1 >/dev/null
    echo "slurm, array: $(cd scores && sha256sum -- * | (cd ../alone && sha256sum -c --quiet) | wc -l) of $(find alone -type f | wc -l) files differ from one machine alone"
    cd "$root"
}

ended() { [ -z "$(squeue -h -j "$1")" ]; }

# Waits until a command says yes, for two minutes at most.
soon() {
    local tries
    for tries in $(seq 600); do
        ! "$@" 2>/dev/null || return 0
        sleep 0.2
    done
    echo "  waited in vain for: $*"
    return 1
}
