package io.natsjob;

import io.natsjob.cluster.Heartbeats;
import io.natsjob.cluster.OwnServer;
import io.natsjob.cluster.ServerSeen;
import io.natsjob.cluster.WorkerSeen;
import io.natsjob.protocol.ServerBeat;
import io.natsjob.protocol.SystemInfo;
import io.natsjob.web.Engine;
import java.util.List;
import java.util.Map;

/** Live workers and servers as the web shows them. */
final class ClusterView {
    private final Heartbeats.Registries seen;
    private final OwnServer own;

    ClusterView(Heartbeats.Registries seen, OwnServer own) {
        this.seen = seen;
        this.own = own;
    }

    List<Engine.WorkerView> workers(String namespace, String app) {
        return seen.workers().seen(namespace, app).stream().map(ClusterView::of).toList();
    }

    int workers(String namespace) {
        return seen.workers().count(namespace);
    }

    List<Engine.ServerView> servers() {
        return own.among(seen.servers().seen()).stream().map(ClusterView::of).toList();
    }

    Map<String, Long> heartbeatsIgnored() {
        return seen.ignored().counts();
    }

    private static Engine.WorkerView of(WorkerSeen seen) {
        var worker = seen.worker();
        var usage = seen.usage();
        return new Engine.WorkerView(worker.id(), worker.namespace(), worker.app(), seen.ip(), seen.comment(), worker.weight(),
                new Engine.Usage(usage.machineCpu(), usage.machineMemory(), usage.processCpu(), usage.processRss()), worker.firstSeenAt(), seen.seenAt());
    }

    private static Engine.ServerView of(ServerSeen seen) {
        ServerBeat beat = seen.beat();
        SystemInfo.Machine machine = beat.system().machine();
        SystemInfo.Process process = beat.system().process();
        return new Engine.ServerView(beat.key().id(), beat.key().namespace(), beat.ours().leader(), beat.ours().term(), beat.ours().version(),
                new Engine.MachineView(machine.hostname(), machine.ip(), machine.os(), machine.architecture(), machine.cpuCores()), process.pid(),
                new Engine.Usage(machine.cpuUsage(), machine.memory().usage(), process.cpuUsage(), process.memoryRss()), beat.startTime(), seen.seenAt(),
                beat.ours().natsConnected());
    }
}
