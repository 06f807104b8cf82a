package io.natsjob.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tripwires: a class or method beyond them has more than one idea in it. */
final class SizeTest {
    private static final int MAX_FILE_LINES = 400;
    private static final int MAX_METHOD_LINES = 70;
    /** What opens a block that ends in a bracket and is no method. */
    private static final Pattern OTHER_BLOCK = Pattern.compile("\\b(if|for|while|switch|catch|try|new|return|class|record|enum|interface)\\b|\\bsynchronized\\s*\\(|->|=");

    @Test
    void no_file_is_longer_than_400_lines() {
        List<String> longer = new ArrayList<>();
        for (Path file : javaFiles()) {
            long lines = Sources.text(file).lines().count();
            if (lines > MAX_FILE_LINES) {
                longer.add(file + " " + lines);
            }
        }
        assertEquals(List.of(), longer);
    }

    @Test
    void no_method_is_longer_than_70_lines() {
        List<String> longer = new ArrayList<>();
        int methods = 0;
        for (Path file : javaFiles()) {
            for (Method method : methods(Sources.text(file))) {
                methods++;
                if (method.lines > MAX_METHOD_LINES) {
                    longer.add(file + ":" + method.firstLine + " " + method.lines);
                }
            }
        }
        assertEquals(List.of(), longer);
        assertTrue(methods > 1_000, "only " + methods + " methods were found: the count is wrong");
    }

    @Test
    void counts_the_lines_of_a_method_with_its_blocks() {
        String text = """
                final class Sample {
                    @Override
                    public synchronized <T> int first(int a, List<T> b) throws IOException {
                        if (a > 0) {
                            b.forEach(x -> { "}{".length(); });
                        }
                        return '{';
                    }

                    record Inner(int c) {
                        Inner { // }
                        }

                        int second() { return c; }
                    }
                }
                """;
        assertEquals(List.of(new Method(3, 6), new Method(14, 1)), methods(text));
    }

    private record Method(int firstLine, int lines) {}

    /** From the line of the opening brace to that of the closing one. */
    private static List<Method> methods(String text) {
        String code = Sources.code(text);
        List<Method> methods = new ArrayList<>();
        Deque<Integer> open = new ArrayDeque<>();
        int headFrom = 0;
        int line = 1;
        for (int i = 0; i < code.length(); i++) {
            switch (code.charAt(i)) {
                case '\n' -> line++;
                case ';' -> headFrom = i + 1;
                case '{' -> {
                    open.push(isMethod(code.substring(headFrom, i)) ? line : 0);
                    headFrom = i + 1;
                }
                case '}' -> {
                    int first = open.pop();
                    if (first > 0) {
                        methods.add(new Method(first, line - first + 1));
                    }
                    headFrom = i + 1;
                }
                default -> { }
            }
        }
        return methods;
    }

    private static boolean isMethod(String head) {
        String plain = head.replaceAll("@\\w+(\\([^()]*\\))?", " ");
        return plain.matches("(?s).*\\)\\s*(throws\\s[\\w\\s,.]+)?") && !OTHER_BLOCK.matcher(plain).find();
    }

    private static List<Path> javaFiles() {
        return Stream.concat(Sources.java(Sources.MAIN).stream(), Sources.java(Sources.TEST).stream()).toList();
    }
}
