package io.natsjob.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/rules.md 20. */
class PartsTest {
    @Test
    void its_text_comes_back_as_the_same_parts() {
        Parts parts = Parts.all(List.of("vm=127-0-0-1=0", "工作", "c"));
        assertEquals("* vm=127-0-0-1=0 工作 c", parts.text());
        assertEquals(parts, Parts.of(parts.text()));
        assertEquals("one", Parts.one("one").text());
        assertEquals(Parts.one("one"), Parts.of("one"));
        assertEquals(Parts.all(List.of("one")), Parts.of("* one"), "a broadcast to the only worker is not one that was chosen");
    }

    @Test
    void a_part_has_the_run_id_plus_1_plus_its_place() {
        Parts parts = Parts.all(List.of("a", "b"));
        assertEquals(101, Parts.subId(100, 0));
        assertEquals(OptionalInt.of(0), parts.indexOf(100, 101));
        assertEquals(OptionalInt.of(1), parts.indexOf(100, 102));
        for (long foreign : new long[] {99, 100, 103, Long.MAX_VALUE, 101 + (1L << 32)}) {
            assertTrue(parts.indexOf(100, foreign).isEmpty(), "sub-id " + foreign);
        }
    }

    @Test
    void refuses_what_its_text_could_not_tell_apart() {
        for (List<String> bad : List.of(List.<String>of(), List.of(""), List.of("a b"), List.of("a\n"), List.of("a", "a"), List.of("*"))) {
            assertThrows(IllegalArgumentException.class, () -> Parts.all(bad), bad.toString());
        }
        for (String bad : List.of("", " ", "a  b", "a ", "a\nb", "a b", "*", "* ", "* *", "* a a")) {
            assertThrows(IllegalArgumentException.class, () -> Parts.of(bad), bad);
        }
    }

    @Test
    void at_most_1000() {
        assertEquals(1_000, Parts.all(IntStream.range(0, 1_000).mapToObj(Integer::toString).toList()).size());
        String message = assertThrows(IllegalArgumentException.class, () -> Parts.all(Collections.nCopies(1_001, "a"))).getMessage();
        assertEquals("parts: 1001 workers, must be 1 to 1000", message);
    }
}
