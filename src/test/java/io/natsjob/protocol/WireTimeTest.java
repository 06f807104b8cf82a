package io.natsjob.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneId;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTimeTest {
    @ParameterizedTest
    @CsvSource({"UTC,2026-11-22T15:42:15.178Z,2026-11-22 15:42:15.178", "UTC,1970-01-01T00:00:00Z,1970-01-01 00:00:00.000",
        "UTC,1969-12-31T23:59:59.001Z,1969-12-31 23:59:59.001", "Asia/Shanghai,2026-12-31T16:00:00.005Z,2027-01-01 00:00:00.005",
        "Europe/Berlin,2026-03-29T01:00:00Z,2026-03-29 03:00:00.000", "Asia/Kolkata,2026-01-01T00:00:00.090Z,2026-01-01 05:30:00.090"})
    void writes_and_reads(String zone, Instant instant, String text) {
        WireTime time = new WireTime(ZoneId.of(zone));
        assertEquals(text, time.text(instant.toEpochMilli()));
        assertEquals(OptionalLong.of(instant.toEpochMilli()), time.parse(text));
    }

    @Test
    void does_not_mix_up_the_second_it_remembers() {
        WireTime time = new WireTime(ZoneId.of("UTC"));
        assertEquals("1970-01-01 00:00:01.999", time.text(1_999));
        assertEquals("1970-01-01 00:00:02.000", time.text(2_000));
        assertEquals("1970-01-01 00:00:02.001", time.text(2_001));
        assertEquals("1970-01-01 00:00:01.000", time.text(1_000));
    }

    @Test
    void reads_a_local_time_that_occurs_twice_as_the_first() {
        WireTime time = new WireTime(ZoneId.of("Europe/Berlin"));
        long first = Instant.parse("2026-10-25T00:30:00Z").toEpochMilli();
        assertEquals("2026-10-25 02:30:00.000", time.text(first + 3_600_000));
        assertEquals(OptionalLong.of(first), time.parse("2026-10-25 02:30:00.000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026-11-22", "2026-11-22 15:42:15", "2026-11-22T15:42:15.178", "2026-02-30 00:00:00.000", "2026-11-22 24:00:00.000",
        "2026-11-22 15:42:15.1789", " 2026-11-22 15:42:15.178"})
    void refuses_another_form(String text) {
        assertEquals(OptionalLong.empty(), new WireTime(ZoneId.of("UTC")).parse(text));
    }

    @ParameterizedTest
    @NullSource
    void refuses_none(String text) {
        assertEquals(OptionalLong.empty(), new WireTime(ZoneId.of("UTC")).parse(text));
    }
}
