#!/usr/bin/env bash
#
# slurm-up.sh - bring up a real, throw-away Slurm cluster on one machine.
#
#   usage:  slurm-up.sh [DIR]
#           eval "$(slurm-up.sh DIR)"       # and have the client set up too
#
# Every Slurm node is a network + UTS + mount namespace of its own: it has its
# own IP address, its own hostname, its own /etc/hosts and /dev/shm, and an
# unmodified slurmd inside.  The file system (home, /tmp, DIR) and the process
# table are shared, as they would be with a network file system.
#
#      this machine                      namespace "ctl"
#      ------------                  ------------------------
#      sbatch, srun ...  <- veth ->  bridge br0  <- veth ->  node1: slurmd
#      NET.254                       NET.1       <- veth ->  node2: slurmd
#                                    slurmctld               NET.11, NET.12 ...
#
# The bridge lives in a namespace, so no packet leaves the machine and no
# firewall rule of the machine (Docker's FORWARD policy, say) gets in its way.
#
# DIR (default: a new directory from mktemp) holds configuration, state, logs
# and pid files.  Nothing is written to /etc; /etc/slurm is neither read nor
# needed.  Progress goes to stderr; on stdout come the `export` lines that a
# client needs (also in DIR/env.sh).  When the cluster of DIR is already up and
# healthy, nothing is restarted; when it is half up, it is taken down and
# started afresh.  slurm-down.sh DIR stops it.
#
# Needs root with CAP_SYS_ADMIN and CAP_NET_ADMIN (docker: --privileged), and
# Debian/Ubuntu packages, which are installed when missing.  No systemd.
#
# Knobs, from the environment:
#   SLURM_UP_NODES=2         number of nodes: node1, node2 ...          (1..99)
#   SLURM_UP_GPUS=2          fake GPUs per node                         (0..16)
#   SLURM_UP_CPUS=8          CPUs each node claims (need not be real)
#   SLURM_UP_MEM=65536       MiB each node claims (not enforced)
#   SLURM_UP_NET=            first three octets of the private /24, such as
#                            198.18.7; default: a free one in 198.18.0.0/16
#   SLURM_UP_DEBIAN_HOSTS=1  as Debian's installer does, let each node's own
#                            /etc/hosts map its own name to 127.0.1.1; 0: don't
#   SLURM_UP_WAIT=30         seconds to wait for the nodes to report in

set -euo pipefail

NODES=${SLURM_UP_NODES:-2}
GPUS=${SLURM_UP_GPUS:-2}
CPUS=${SLURM_UP_CPUS:-8}
MEM=${SLURM_UP_MEM:-65536}
WAIT=${SLURM_UP_WAIT:-30}
DEBIAN_HOSTS=${SLURM_UP_DEBIAN_HOSTS:-1}   # the harder case
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

say() { printf 'slurm-up: %s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# --------------------------------------------------------------- arguments --

[ "$#" -le 1 ] || die "usage: slurm-up.sh [DIR]"
case ${1:-} in -*) die "usage: slurm-up.sh [DIR]" ;; esac
[ "$(id -u)" -eq 0 ] || die "must run as root"
for n in "$NODES" "$GPUS" "$CPUS" "$MEM" "$WAIT"; do
    [[ $n =~ ^(0|[1-9][0-9]*)$ ]] || die "not a number: $n"
done
if [ "$NODES" -lt 1 ] || [ "$NODES" -gt 99 ]; then die "SLURM_UP_NODES must be 1..99"; fi
[ "$GPUS" -le 16 ] || die "SLURM_UP_GPUS must be 0..16"

if [ "$#" -eq 1 ]; then
    mkdir -p "$1"
    DIR=$(cd "$1" && pwd -P)
else
    DIR=$(mktemp -d "${TMPDIR:-/tmp}/slurm-up.XXXXXX")
fi
# slurm.conf has no quoting, and a socket path may have 107 characters.
[[ $DIR =~ ^[A-Za-z0-9/._+-]+$ ]] || die "unsuitable characters in $DIR"
[ "${#DIR}" -le 80 ] || die "path too long for a Unix socket: $DIR"

# Interfaces and namespaces are named after DIR, so that clusters in several
# directories do not collide and slurm-down.sh finds the right ones.
TAG=$(printf '%s' "$DIR" | md5sum | cut -c1-6)
CTL_NS=slurm-$TAG-ctl
LEG=sl$TAG                       # this machine's own leg into the bridge
CONF=$DIR/conf/slurm.conf

# ---------------------------------------------------------------- packages --

install_packages() {
    local missing=() pair policy=/usr/sbin/policy-rc.d made_policy=0
    for pair in munged:munge slurmctld:slurmctld slurmd:slurmd \
                srun:slurm-client ip:iproute2 unshare:util-linux; do
        PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null ||
            missing+=("${pair#*:}")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "installing ${missing[*]}"
    # The packages would start system-wide daemons; forbid it for the moment.
    if [ ! -e "$policy" ]; then
        made_policy=1
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    local rc=0
    {
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -y -q --no-install-recommends "${missing[@]}" ||
            { apt-get update -q &&
              apt-get install -y -q --no-install-recommends "${missing[@]}"; }
    } >"$DIR/apt.log" 2>&1 || rc=$?
    if [ "$made_policy" -eq 1 ]; then rm -f "$policy"; trap - EXIT; fi
    [ "$rc" -eq 0 ] || { tail -n 5 "$DIR/apt.log" >&2; die "apt-get failed"; }
}

# ------------------------------------------------------------------ health --

# alive NAME: does the pid file NAME hold a live process that was started for
# this DIR?  Looking at its command line keeps recycled pids apart.
alive() {
    local pid
    pid=$(cat "$DIR/run/$1.pid" 2>/dev/null) && [ -n "$pid" ] &&
        tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$DIR/"
}

daemons() {
    local i
    printf '%s\n' munged slurmctld
    for ((i = 1; i <= NODES; i++)); do printf 'slurmd-node%d\n' "$i"; done
}

# Number of nodes that are up and not draining.
nodes_ready() {
    local out
    out=$(SLURM_CONF=$CONF timeout 5 sinfo -h -N -p main -o %T 2>/dev/null) || out=
    grep -cE '^(idle|mixed|allocated|completing)$' <<<"$out" || true
}

healthy() {
    local d
    [ -f "$CONF" ] || return 1
    [ "$(cat "$DIR/run/shape" 2>/dev/null)" = "$(shape)" ] || return 1
    for d in $(daemons); do alive "$d" || return 1; done
    [ "$(nodes_ready)" -eq "$NODES" ]
}

# The knobs a running cluster was started with; others mean a fresh start.
shape() {
    echo "$NODES nodes, $GPUS gpus, $CPUS cpus, $MEM MiB," \
         "net ${SLURM_UP_NET:-auto}, debian hosts $DEBIAN_HOSTS"
}

# ----------------------------------------------------------- configuration --

# First three octets of a /24 that no interface of this machine uses yet.
# 198.18.0.0/15 (RFC 2544) is set aside for tests and routed nowhere.
pick_net() {
    local start i net
    if [ -n "${SLURM_UP_NET:-}" ]; then
        [[ $SLURM_UP_NET =~ ^[0-9]{1,3}(\.[0-9]{1,3}){2}$ ]] ||
            die "SLURM_UP_NET wants three octets, not $SLURM_UP_NET"
        echo "$SLURM_UP_NET"
        return
    fi
    start=$((16#${TAG:0:2}))
    for ((i = 0; i < 256; i++)); do
        net=198.18.$(((start + i) % 256))
        ip -4 -o addr show | grep -qF " $net." && continue
        ip -4 route show | grep -qF "$net." && continue
        echo "$net"
        return
    done
    die "no free network in 198.18.0.0/16"
}

write_hosts() {             # write_hosts FILE OWN-NAME
    local i
    {
        echo "127.0.0.1 localhost"
        echo "::1 localhost ip6-localhost ip6-loopback"
        [ "$DEBIAN_HOSTS" != 1 ] || echo "127.0.1.1 $2"
        echo "$NET.1 slurmctl"
        echo "$NET.254 login"
        for ((i = 1; i <= NODES; i++)); do echo "$NET.$((10 + i)) node$i"; done
    } >"$1"
}

write_config() {
    local i gres=""
    rm -f "$DIR"/dev/gpu*
    for ((i = 0; i < GPUS; i++)); do
        # Each fake GPU is another /dev/null; a plain file will do (Slurm only
        # grumbles in its log) where device nodes cannot be made.
        mknod -m 666 "$DIR/dev/gpu$i" c 1 3 2>/dev/null || : >"$DIR/dev/gpu$i"
    done
    : >"$DIR/conf/gres.conf"
    if [ "$GPUS" -gt 0 ]; then
        gres="Gres=gpu:$GPUS"
        # The digits at the end of the name become the index of the GPU.
        echo "Name=gpu File=$DIR/dev/gpu[0-$((GPUS - 1))]" >"$DIR/conf/gres.conf"
    fi
    for i in slurmctl login; do write_hosts "$DIR/conf/hosts.$i" "$i"; done
    for ((i = 1; i <= NODES; i++)); do
        write_hosts "$DIR/conf/hosts.node$i" "node$i"
        mkdir -p "$DIR/state/slurmd-node$i" "$DIR/state/tmp-node$i"
        chmod 1777 "$DIR/state/tmp-node$i"
    done

    cat >"$CONF" <<CONF
ClusterName=slurm$TAG
SlurmctldHost=slurmctl($NET.1)
SlurmUser=root
SlurmdUser=root

# A munged of our own, reached through its socket in the shared file system.
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$DIR/run/munge.sock

StateSaveLocation=$DIR/state/slurmctld
SlurmdSpoolDir=$DIR/state/slurmd-%n
TmpFS=$DIR/state/tmp-%n
SlurmctldPidFile=$DIR/run/slurmctld.pid
SlurmdPidFile=$DIR/run/slurmd-%n.pid
SlurmctldLogFile=$DIR/log/slurmctld.log
SlurmdLogFile=$DIR/log/slurmd-%n.log
SlurmctldDebug=verbose
SlurmdDebug=verbose

# No cgroups, no CPU binding: the nodes claim more CPUs than there are.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
GresTypes=gpu
MpiDefault=none

# No slurmdbd, hence no sacct; ended jobs stay visible to scontrol for an hour
# and leave a line each in joblog.
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$DIR/log/joblog
MinJobAge=3600

# Be quick: react within seconds rather than minutes.
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
KillWait=5
InactiveLimit=0
SlurmdTimeout=20
SlurmctldTimeout=20
ReturnToService=2

# A job in "urgent" makes one in "main" go: it gets its --signal (SIGTERM when
# it asked for none), 5 seconds later it is killed and put back in the queue.
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldParameters=preempt_send_user_signal

NodeName=DEFAULT CPUs=$CPUS Boards=1 SocketsPerBoard=1 CoresPerSocket=$CPUS ThreadsPerCore=1 RealMemory=$MEM $gres State=UNKNOWN
CONF
    for ((i = 1; i <= NODES; i++)); do
        echo "NodeName=node$i NodeAddr=$NET.$((10 + i))" >>"$CONF"
    done
    cat >>"$CONF" <<CONF
PartitionName=DEFAULT Nodes=ALL State=UP DefaultTime=10 MaxTime=INFINITE GraceTime=5
PartitionName=main Default=YES PriorityTier=1
PartitionName=urgent PriorityTier=10 PreemptMode=OFF
CONF

    cat >"$DIR/env.sh" <<CONF
export SLURM_CONF=$CONF
export SLURM_UP_DIR=$DIR
CONF

    # DIR/on NODE COMMAND...: run a command inside node1, node2 ... or ctl.
    cat >"$DIR/on" <<CONF
#!/bin/sh
# on NODE COMMAND...  - run COMMAND inside node1, node2 ... or ctl (the switch)
case \$1 in ctl) p=slurmctld ;; *) p=slurmd-\$1 ;; esac
pid=\$(cat "$DIR/run/\$p.pid") || exit 1
shift
SLURM_CONF=$CONF exec nsenter --target "\$pid" --net --uts --mount --wd="\$PWD" -- "\$@"
CONF
    chmod 755 "$DIR/on"
}

# ----------------------------------------------------------------- network --

build_network() {
    local i ns
    ip netns add "$CTL_NS"
    ip -n "$CTL_NS" link set lo up
    ip -n "$CTL_NS" link add br0 type bridge
    ip -n "$CTL_NS" addr add "$NET.1/24" dev br0
    ip -n "$CTL_NS" link set br0 up

    ip link add "$LEG" type veth peer name login netns "$CTL_NS"
    ip -n "$CTL_NS" link set login master br0 up
    ip addr add "$NET.254/24" dev "$LEG"
    ip link set "$LEG" up

    for ((i = 1; i <= NODES; i++)); do
        ns=slurm-$TAG-node$i
        ip netns add "$ns"
        ip -n "$CTL_NS" link add "node$i" type veth peer name eth0 netns "$ns"
        ip -n "$CTL_NS" link set "node$i" master br0 up
        ip -n "$ns" link set lo up
        ip -n "$ns" addr add "$NET.$((10 + i))/24" dev eth0
        ip -n "$ns" link set eth0 up
    done
}

# ----------------------------------------------------------------- daemons --

# inside NAMESPACE HOSTNAME COMMAND...: run COMMAND in that network namespace,
# with a hostname, /etc/hosts, /sys (for /sys/class/net) and /dev/shm to match.
inside() {
    local ns=$1 name=$2
    shift 2
    # shellcheck disable=SC2016  # expands inside the namespace, on purpose
    nsenter --net="/run/netns/$ns" unshare --mount --uts -- bash -c '
        set -e
        hosts=$1 name=$2 hold=$3
        shift 3
        hostname "$name"
        mount --bind "$hosts" /etc/hosts
        # A fresh /sys shows this namespace its own interfaces; the control
        # groups below the old one are carried over.
        if mount --rbind /sys/fs/cgroup "$hold" 2>/dev/null; then
            mount -t sysfs sysfs /sys
            mount --move "$hold" /sys/fs/cgroup
        fi
        mount -t tmpfs -o mode=1777 shm /dev/shm
        exec "$@"
    ' inside "$DIR/conf/hosts.$name" "$name" "$DIR/run/hold" "$@" </dev/null
}

start_daemons() {
    local i
    # Our key is nobody's secret and DIR may lie anywhere, so --force: munged
    # then only warns about a directory it would rather see owned by root.
    (umask 077 && head -c 1024 /dev/urandom >"$DIR/conf/munge.key")
    munged --force --num-threads=4 \
        --key-file="$DIR/conf/munge.key"    --socket="$DIR/run/munge.sock" \
        --pid-file="$DIR/run/munged.pid"    --log-file="$DIR/log/munged.log" \
        --seed-file="$DIR/state/munge.seed" \
        </dev/null >>"$DIR/log/start.log" 2>&1 ||
        die "munged did not start; see $DIR/log"

    # -c: forget the jobs of an earlier cluster in the same DIR.
    inside "$CTL_NS" slurmctl slurmctld -c -f "$CONF" \
        >>"$DIR/log/start.log" 2>&1 || die "slurmctld did not start; see $DIR/log"
    for ((i = 1; i <= NODES; i++)); do
        inside "slurm-$TAG-node$i" "node$i" slurmd -c -f "$CONF" \
            >>"$DIR/log/start.log" 2>&1 ||
            die "slurmd of node$i did not start; see $DIR/log"
    done
}

wait_for_nodes() {
    local deadline=$((SECONDS + WAIT))
    until [ "$(nodes_ready)" -eq "$NODES" ]; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            SLURM_CONF=$CONF timeout 5 sinfo -N -l >&2 || true
            tail -n 5 "$DIR"/log/slurm*.log >&2
            die "the nodes did not come up within $WAIT s"
        fi
        sleep 0.2
    done
}

# -------------------------------------------------------------------- main --

export PATH=$PATH:/usr/sbin:/sbin
unset SLURM_CONF                  # another cluster's must not leak in
unshare --net --mount --uts true 2>/dev/null ||
    die "may not make namespaces: needs CAP_SYS_ADMIN and CAP_NET_ADMIN" \
        "(docker run --privileged)"
install_packages

if healthy; then
    say "already up in $DIR"
else
    # Whatever an earlier attempt left behind goes first.
    if [ -d "$DIR/run" ]; then "$HERE/slurm-down.sh" "$DIR" >&2; fi
    NET=$(pick_net)
    # Other users may submit jobs too, so they must be able to reach DIR.
    chmod 755 "$DIR"
    (umask 022 && mkdir -p "$DIR"/{conf,dev,log,run/hold,state})
    # A failed start must not leave half a cluster behind.
    trap '[ $? -eq 0 ] || "$HERE/slurm-down.sh" "$DIR" >&2' EXIT
    umask 022
    write_config
    build_network
    start_daemons
    wait_for_nodes
    shape >"$DIR/run/shape"
    say "up in ${SECONDS} s: $(shape), $NET.0/24, in $DIR"
fi
cat "$DIR/env.sh"
