package io.natsjob.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.natsjob.job.RunNames;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResultKeyTest {
    private static final RunNames OWNER = new RunNames("app", "biz", "owner");
    private static final String LONG_NAME = "a".repeat(64);

    @Test
    void builds_the_key_of_each_end() {
        assertEquals("natsjob.job.end.app.biz.owner.7", new ResultKey(End.END, OWNER, 7, null).text());
        assertEquals("natsjob.job.pre-end.app.biz.owner.7", new ResultKey(End.PRE_END, OWNER, 7, null).text());
        assertEquals("natsjob.job.client-end.app.biz.owner.7.9", new ResultKey(End.CLIENT_END, OWNER, 7, 9L).text());
        assertEquals("natsjob.job.*.app.>", ResultKey.allOf("app"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"natsjob.job.end.app.biz.owner.1", "natsjob.job.pre-end.a.b.c.9223372036854775807",
        "natsjob.job.client-end.A-1.b.c-d-e.1.9223372036854775807"})
    void parses_back_to_the_same_text(String text) {
        assertEquals(Optional.of(text), ResultKey.parse(text).map(ResultKey::text));
    }

    @Test
    void takes_the_longest_names_and_ids() {
        RunNames names = new RunNames(LONG_NAME, LONG_NAME, LONG_NAME);
        ResultKey key = new ResultKey(End.CLIENT_END, names, Long.MAX_VALUE, Long.MAX_VALUE);
        assertEquals(Optional.of(key), ResultKey.parse(key.text()));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", ".", "natsjob", "natsjob.job.end.app.biz.owner", "natsjob.job.end.app.biz.owner.",
        // ids in another form of the same number
        "natsjob.job.end.app.biz.owner.0", "natsjob.job.end.app.biz.owner.01", "natsjob.job.end.app.biz.owner.+1",
        "natsjob.job.end.app.biz.owner.-1", "natsjob.job.end.app.biz.owner.1 ", "natsjob.job.end.app.biz.owner.1e3",
        "natsjob.job.end.app.biz.owner.9223372036854775808", "natsjob.job.end.app.biz.owner.99999999999999999999", "natsjob.job.end.app.biz.owner.٣",
        // sub-ids where none belongs, or missing
        "natsjob.job.end.app.biz.owner.1.2", "natsjob.job.pre-end.app.biz.owner.1.2", "natsjob.job.client-end.app.biz.owner.1",
        "natsjob.job.client-end.app.biz.owner.1.0", "natsjob.job.client-end.app.biz.owner.1.2.3",
        // other words and names
        "natsjob.job.End.app.biz.owner.1", "natsjob.job.start.app.biz.owner.1", "natsjob-void.job.end.app.biz.owner.1",
        "natsjobs.job.end.app.biz.owner.1", "natsjob.key.end.app.biz.owner.1", "natsjob.job.end..biz.owner.1", "natsjob.job.end.a_b.biz.owner.1",
        "natsjob.job.end.-a.biz.owner.1", "natsjob.job.end.a--b.biz.owner.1", "natsjob.job.end.app.biz.é.1", ".natsjob.job.end.app.biz.owner.1"})
    void refuses_what_is_no_key(String text) {
        assertEquals(Optional.empty(), ResultKey.parse(text));
    }

    @Test
    void refuses_names_that_are_too_long_without_choking() {
        assertEquals(Optional.empty(), ResultKey.parse("natsjob.job.end.app.biz." + "a".repeat(65) + ".1"));
        assertEquals(Optional.empty(), ResultKey.parse("natsjob.job.end." + "a.".repeat(500_000)));
    }

    @Test
    void cannot_be_made_of_parts_that_do_not_parse() {
        assertThrows(IllegalArgumentException.class, () -> new ResultKey(End.END, OWNER, 0, null));
        assertThrows(IllegalArgumentException.class, () -> new ResultKey(End.END, OWNER, 1, 2L));
        assertThrows(IllegalArgumentException.class, () -> new ResultKey(End.CLIENT_END, OWNER, 1, null));
        assertThrows(IllegalArgumentException.class, () -> new ResultKey(End.CLIENT_END, OWNER, 1, -2L));
        assertThrows(IllegalArgumentException.class, () -> new ResultKey(End.END, new RunNames("a.b", "biz", "owner"), 1, null));
        assertThrows(IllegalArgumentException.class, () -> ResultKey.allOf("*"));
    }
}
