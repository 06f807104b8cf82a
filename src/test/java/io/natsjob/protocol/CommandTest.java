package io.natsjob.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
    static Stream<Command> commands() {
        return Stream.of(new Command.Run(Long.MAX_VALUE, "{\"a\": \"😀\"}", "vm=127-0-0-1=0", true), new Command.Run(1, null, null, false), new Command.Run(1, "", null, false),
                new Command.End(9_007_199_254_740_993L, "stuck"), new Command.Tell(Set.of(), Set.of(), null), new Command.Tell(Set.of(1L, 2L), Set.of(3L), "dev"), new Command.Yield());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_comes_out_as_it_went_in(Command command) {
        assertEquals(command, Command.parse(command.json()));
    }

    static Stream<CommandReply> replies() {
        return Stream.of(new CommandReply.Sent(Long.MAX_VALUE), new CommandReply.Refused("concurrency", "as many"), new CommandReply.Ended(), new CommandReply.Yielded(),
                new CommandReply.Facts(Map.of(), Map.of(), 0, 0, 0, Map.of()),
                new CommandReply.Facts(Map.of(5L, 2L), Map.of(Long.MAX_VALUE, 1_772_359_200_500L), 7, 9, 3, Map.of("late", 4L)));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void a_reply_comes_out_as_it_went_in(CommandReply reply) {
        assertEquals(reply, CommandReply.parse(reply.json()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"do\":\"dance\"}", "{\"do\":\"run\"}", "{\"do\":\"run\",\"job\":\"-1\"}", "{\"do\":\"run\",\"job\":5}",
            "{\"do\":\"tell\",\"jobs\":[\"x\"]}", "{\"do\":\"tell\",\"jobs\":[1]}"})
    void what_is_no_command_is_refused(String json) {
        assertThrows(IllegalArgumentException.class, () -> Command.parse(json));
    }

    @Test
    void what_is_no_json_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> Command.parse("run"));
        assertThrows(IllegalArgumentException.class, () -> CommandReply.parse(""));
        assertThrows(IllegalArgumentException.class, () -> CommandReply.parse("{}"));
    }

    @Test
    void a_question_has_a_limit() {
        Set<Long> many = LongStream.rangeClosed(1, Command.MAX_IDS).boxed().collect(Collectors.toSet());
        assertEquals(many, new Command.Tell(many, Set.of(), null).jobs());
        assertThrows(IllegalArgumentException.class, () -> new Command.Tell(many, Set.of(1L), null));
    }

    @Test
    void an_envelope_comes_out_as_it_went_in() {
        Envelope sent = new Envelope("server-1", 7, 1_772_359_200_500L, "0a", "{\"do\":\"run\"}", new byte[] {1, -1});
        Envelope read = Envelope.parse(sent.json()).orElseThrow();
        assertEquals(sent.from() + sent.term() + sent.at() + sent.nonce() + sent.body(), read.from() + read.term() + read.at() + read.nonce() + read.body());
        assertEquals(-1, read.seal()[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "{}", "{\"from\":1,\"nonce\":\"a\"}", "{\"from\":\"a\",\"nonce\":\"a\",\"seal\":\"***\"}",
            "{\"from\":\"a\",\"nonce\":\"a\",\"at\":1e99}", "{\"from\":\"a\",\"nonce\":\"a\",\"term\":\"1\"}", "{\"from\":\"a\",\"nonce\":\"\"}"})
    void what_is_no_envelope_is_nothing(String json) {
        assertEquals(Optional.empty(), Envelope.parse(json.getBytes()));
    }

    @Test
    void texts_do_not_run_into_each_other_under_the_seal() {
        assertTrue(!java.util.Arrays.equals(new Envelope("ab", 1, 1, "c", "d", new byte[0]).sealedBytes("p"), new Envelope("a", 1, 1, "bc", "d", new byte[0]).sealedBytes("p")));
    }
}
