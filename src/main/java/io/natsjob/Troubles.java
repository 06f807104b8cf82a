package io.natsjob;

import io.natsjob.cluster.LeaderClock;
import io.natsjob.nats.StorageRoom;
import io.natsjob.web.Engine.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the scheduler's side knows to be wrong, for the banner: JetStream without room, clocks that differ. */
final class Troubles {
    private final LeaderContext context;
    private final ClockCheck clocks;
    private final LeaderClock leaderClock;

    Troubles(LeaderContext context, ClockCheck clocks, LeaderClock leaderClock) {
        this.context = context;
        this.clocks = clocks;
        this.leaderClock = leaderClock;
    }

    List<Trouble> now() {
        List<Trouble> troubles = new ArrayList<>();
        full().ifPresent(troubles::add);
        clocks.skew().ifPresent(skew -> troubles.add(new Trouble(Trouble.CLOCK_SKEW, "the database's clock is " + Math.abs(skew.aheadMillis()) + " ms "
                + (skew.aheadMillis() > 0 ? "ahead of" : "behind") + " this server's: set both by NTP", skew.sinceMillis())));
        leaderClock.off().ifPresent(ahead -> troubles.add(new Trouble(Trouble.CLOCK_SKEW, "this server's clock is " + Math.abs(ahead) + " ms "
                + (ahead > 0 ? "ahead of" : "behind") + " the leader's: set both by NTP", null)));
        return troubles;
    }

    private Optional<Trouble> full() {
        Optional<StorageRoom.Full> refused = context.publishing().room().full().or(() -> context.link().room().full());
        if (refused.isPresent()) {
            return refused.map(full -> new Trouble(Trouble.JETSTREAM_FULL, "JetStream has no room: " + full.detail(), full.sinceMillis()));
        }
        List<String> streams = context.setup().full();
        return streams.isEmpty() ? Optional.empty() : Optional.of(new Trouble(Trouble.JETSTREAM_FULL,
                "JetStream has no room: " + String.join(", ", streams) + " reached max_bytes", null));
    }
}
