package io.natsjob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DateTimeException;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OriginalTimeTest {
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    @ParameterizedTest
    @CsvSource({
        "2026-11-22 15:24:28.425435866+00:00, 1795361068425",
        "2026-11-22 15:24:28.4+00:00,         1795361068400",
        "2026-11-22 23:24:28.425+08:00,       1795361068425",
        "2026-11-22 23:24:28.425,             1795361068425",
        "2026-11-22T15:24:28Z,                1795361068000",
        "2026-11-22 15:24:28.425435+00,       1795361068425",
        "2026-11-22 23:24:28.425435 +08:00,   1795361068425",
        "2026-11-22 15:24:28.425 +0000 UTC,   1795361068425",
        "2026-11-22 23:30:11.425+08:05:43,    1795361068425",
        "' 2026-11-22 15:24:28Z ',            1795361068000"
    })
    void reads_every_database_s_form(String text, long millis) {
        assertEquals(millis, OriginalTime.parse(text, ZONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "0001-01-01 00:00:00+00:00", "0000-00-00 00:00:00", "0001-01-01 08:05:43+08:05:43",
        "0001-12-31 19:03:58-04:56:02 BC"})
    void not_set_is_none(String text) {
        assertNull(OriginalTime.parse(text, ZONE));
    }

    @Test
    void null_is_none() {
        assertNull(OriginalTime.parse(null, ZONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tomorrow", "2026-11-22", "2026-13-01 00:00:00Z", "2026-11-22 25:00:00Z", "1795361068", "2026-11-22 15:24:28+99:00"})
    void anything_else_is_an_error(String text) {
        assertThrows(DateTimeException.class, () -> OriginalTime.parse(text, ZONE));
    }
}
