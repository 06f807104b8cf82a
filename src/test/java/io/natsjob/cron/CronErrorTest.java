package io.natsjob.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads who wrote a wrong expression. */
class CronErrorTest {
    private static final String SIX = "six fields (second minute hour day-of-month month day-of-week)";

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, value = {
        "61 * * * * *        | 0  | second 0-59                              | \"61\"",
        "* 60 * * * *        | 2  | minute 0-59                              | \"60\"",
        "* * 24 * * *        | 4  | hour 0-23                                | \"24\"",
        "0 0 0 0 * *         | 6  | day-of-month 1-31                        | \"0\"",
        "0 0 0 * JANUARY *   | 8  | month 1-12 or JAN-DEC                    | \"JANUARY\"",
        "0 0 0 * * 7         | 10 | day-of-week 0-6 (0 is Sunday) or SUN-SAT | \"7\"",
        "0 0 0 * * MON,L     | 14 | day-of-week 0-6 (0 is Sunday) or SUN-SAT | \"L\"",
        "0 0 22-6 * * *      | 4  | hour range that does not run backwards | \"22-6\"",
        "0 1-2-3 * * * *     | 4  | minute 0-59                              | \"2-3\"",
        "0 5- * * * *        | 4  | minute 0-59                              | nothing",
        "-5 * * * * *        | 0  | second 0-59                              | \"-5\"",
        "/5 * * * * *        | 0  | second 0-59                              | nothing",
        "*/0 * * * * *       | 2  | second step of 1 or more                 | \"0\"",
        "*/ * * * * *        | 2  | second step of 1 or more                 | nothing",
        "* * * * * */2/3     | 12 | day-of-week step of 1 or more            | \"2/3\"",
        "*/9223372036854775808 * * * * * | 2 | second step of 1 or more      | \"9223372036854775808\"",
        "0 0 0 * * MON/x,1   | 14 | day-of-week step of 1 or more            | \"x\"",
        "TZ=utc * * * * * *  | 3  | a time zone name such as Europe/Berlin, UTC or Local | \"utc\"",
        "CRON_TZ=+01:00 @daily | 8 | a time zone name such as Europe/Berlin, UTC or Local | \"+01:00\"",
        "TZ=UTC              | 6  | a space and an expression after the time zone | the end",
        "TZ=UTC 61 * * * * * | 7  | second 0-59                              | \"61\"",
        "@every 1x           | 8  | a unit ns, us, ms, s, m, h or d          | \"x\"",
        "@every 1h 30m       | 8  | a unit ns, us, ms, s, m, h or d          | \"h \"",
        "@every 1            | 8  | a unit ns, us, ms, s, m, h or d          | the end",
        "@every x            | 7  | a duration such as 90s, 1h30m or 1d      | \"x\"",
        "@every 106752d      | 7  | at most 2562047h47m16.854775807s         | \"106752d\"",
    })
    void names_what_was_expected_and_found_and_where(String text, int position, String expected, String found) {
        check(text, position, expected, found);
    }

    @Test
    void counts_the_fields() {
        check("", 0, SIX, "0 fields");
        check("   ", 3, SIX, "0 fields");
        check("9", 1, SIX, "1 field");
        check("0 9 * * *", 9, SIX, "5 fields");
        check("0 0 9 * * *  2026", 13, SIX, "7 fields");
        check("TZ=UTC ", 7, SIX, "0 fields");
        check("TZ=UTC  0 9 * * *", 17, SIX, "5 fields");
    }

    @Test
    void lists_the_descriptors() {
        String descriptors = "@yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly or @every <duration>";
        check("@Daily", 0, descriptors, "\"@Daily\"");
        check("@daily ", 0, descriptors, "\"@daily \"");
        check("TZ=UTC   @every", 9, descriptors, "\"@every\"");
        check("@every ", 7, "a duration such as 90s, 1h30m or 1d", "the end");
    }

    @Test
    void shows_invisible_characters_and_cuts_long_ones() {
        check("0\u200b * * * * *", 0, "second 0-59", "\"0\\u200b\"");
        check("1\ud83d\ude00 * * * * *", 0, "second 0-59", "\"1\ud83d\ude00\"");
        check("\ud83d * * * * *", 0, "second 0-59", "\"\\ud83d\"");
        check("x".repeat(1000) + " * * * * *", 0, "second 0-59", "\"" + "x".repeat(40) + "\"...");
    }

    @Test
    void has_no_stack_trace() {
        assertEquals(0, refused("").getStackTrace().length);
    }

    @Test
    void position_lies_within_the_text_for_every_refused_line() throws Exception {
        for (var lines : VectorLine.byClass().values()) {
            for (VectorLine line : lines) {
                if (line.isError()) {
                    int position = refused(line.expression()).position();
                    assertTrue(position >= 0 && position <= line.expression().length(), line + " at " + position);
                }
            }
        }
    }

    private static void check(String text, int position, String expected, String found) {
        CronException e = refused(text);
        assertEquals("expected " + expected + ", found " + found + " at position " + position, e.getMessage());
        assertEquals(position, e.position());
    }

    private static CronException refused(String text) {
        return assertThrows(CronException.class, () -> Schedule.parse(text, ZoneOffset.UTC), text);
    }
}
