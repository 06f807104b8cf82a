package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.protocol.Beat;
import io.natsjob.protocol.BeatKey;
import io.natsjob.protocol.ServerBeat;
import io.natsjob.testkit.ManualClock;
import io.natsjob.time.SteadyTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/rules.md 10: clocks of servers, by their heartbeats. */
class LeaderClockTest {
    /** NATS' time. */
    private static final long NATS = 1_800_000_000_000L;
    private final ManualClock clock = new ManualClock(NATS);
    private final Servers servers = new Servers(new IgnoredBeats(new SteadyTime(clock)));
    private final LeaderClock own = new LeaderClock(servers, "own", clock);

    /** A heartbeat of a server whose clock is {@code ahead} of NATS', and which was {@code way} milliseconds on its way there. */
    private void beat(String id, boolean leads, long term, long ahead, long way) {
        beat(id, leads, term, ahead, way, "db");
    }

    private void beat(String id, boolean leads, long term, long ahead, long way, String database) {
        String json = "{\"updateTime\":\"" + Instant.ofEpochMilli(NATS + ahead) + "\",\"leader\":" + leads + ",\"term\":" + term + ",\"database\":\"" + database + "\"}";
        // When it was read is of no concern.
        Arrival arrival = new Arrival(NATS + 9_999, 0, NATS + way);
        servers.seen((ServerBeat) Beat.parse(new BeatKey.Server("app", id), json.getBytes(StandardCharsets.UTF_8)), arrival);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1000, 0, 0", "1001, 0, 1001", "-1000, 0, 0", "-1001, 0, -1001", "0, 1500, -1500", "-700, 700, -1400", "90000, 89500, 0"})
    void a_clock_is_off_when_it_differs_from_the_leaders_by_more_than_a_second(long ownAhead, long leaderAhead, long off) {
        beat("own", false, 0, ownAhead, 0);
        beat("leader", true, 5, leaderAhead, 0);
        assertEquals(off == 0 ? OptionalLong.empty() : OptionalLong.of(off), own.off());
    }

    @Test
    void a_heartbeat_that_was_long_on_its_way_is_no_wrong_clock() {
        beat("own", false, 0, 0, 3);
        beat("leader", true, 5, 0, 2);
        beat("leader", true, 5, 0, 1_800);
        beat("own", false, 0, 0, 1_900);
        beat("own", false, 0, 0, 1_900);
        assertEquals(OptionalLong.of(-1), servers.aheadOfLeader("own"));
        beat("own", false, 0, 0, 1_900);
        assertEquals(OptionalLong.of(-1_898), own.off(), "a clock that was set back shows after three heartbeats");
    }

    @Test
    void nothing_is_known_without_a_leader_of_this_database_and_nothing_wrong_with_the_leader_itself() {
        assertEquals(OptionalLong.empty(), own.off());
        beat("own", false, 0, 5_000, 0);
        beat("follower", false, 0, 0, 0);
        beat("another-group", true, 9, 0, 0, "db2");
        assertEquals(OptionalLong.empty(), own.off());
        beat("own", true, 3, 5_000, 0);
        assertEquals(OptionalLong.empty(), own.off());
        beat("new-leader", true, 4, 0, 0);
        assertEquals(OptionalLong.of(5_000), own.off(), "of two that say that they lead, the later term does");
    }

    @Test
    void warns_once_a_minute_while_it_lasts() {
        beat("own", false, 0, 2_000, 0);
        beat("leader", true, 5, 0, 0);
        for (int second = 0; second < 120; second += 5) {
            own.look();
            clock.tick(Duration.ofSeconds(5));
        }
        assertEquals(2, own.warnings());
        beat("leader", true, 5, 2_000, 0);
        own.look();
        assertEquals(2, own.warnings());
    }
}
