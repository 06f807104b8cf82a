package io.natsjob.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZonesTest {
    private static final ZoneId LOCAL = ZoneId.of("Asia/Kathmandu");
    private static final Instant SUMMER = Instant.parse("2026-07-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "'', Z", "UTC, Z", "Factory, Z", "GMT, Z", "GMT0, Z", "GMT+0, Z", "GMT-0, Z", "Zulu, Z", "EST, -05:00", "MST, -07:00",
        "HST, -10:00", "ROC, +08:00", "EST5EDT, -04:00", "Etc/GMT-14, +14:00", "Europe/Berlin, +02:00", "Local, +05:45",
    })
    void takes_the_names_that_go_takes(String name, String offset) throws CronException {
        assertEquals(offset, Zones.of(name, LOCAL).getRules().getOffset(SUMMER).getId());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "utc", "local", "Z", "UT", "PST", "EDT", "IST", "+1", "+01:00", "-05", "UTC+1", "UTC-0", "GMT+1", "GMT+00:00", "UT+1",
        "SystemV/AST4", "SystemV/EST5EDT", "..", "/UTC", "\\UTC", "Asia/../UTC", "America", "europe/berlin", " ", "UTC ", "\0",
    })
    void refuses_the_names_that_go_refuses(String name) {
        CronException e = assertThrows(CronException.class, () -> Zones.of(name, LOCAL));
        assertEquals(0, e.position());
    }

    @Test
    void local_is_the_zone_of_the_question() throws CronException {
        assertSame(LOCAL, Zones.of("Local", LOCAL));
        CalendarSchedule schedule = (CalendarSchedule) Schedule.parse("TZ=Local @daily", LOCAL);
        assertSame(LOCAL, schedule.zone());
    }

    @Test
    void takes_every_id_of_the_jdk_but_the_system_v_ones() throws CronException {
        for (String id : ZoneId.getAvailableZoneIds()) {
            if (!id.startsWith("SystemV/") && id.length() > 3) {
                assertEquals(ZoneId.of(id).getRules(), Zones.of(id, LOCAL).getRules(), id);
            }
        }
    }
}
