package io.natsjob.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of the repository, as text. */
final class Sources {
    static final Path MAIN = Path.of("src/main/java/io/natsjob");
    static final Path TEST = Path.of("src/test/java/io/natsjob");
    private static final Pattern NOT_CODE = Pattern.compile(
            "/\\*.*?\\*/|//[^\\n]*|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'", Pattern.DOTALL);

    private Sources() {}

    static List<Path> java(Path root) {
        return files(root, ".java");
    }

    static List<Path> files(Path root, String ending) {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> path.toString().endsWith(ending) && Files.isRegularFile(path)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Java without comments and without what stands in quotes; the lines keep their numbers. */
    static String code(String text) {
        return NOT_CODE.matcher(text).replaceAll(match -> match.group().replaceAll("[^\\n]", " "));
    }

    /** The package below {@code io.natsjob} in which a file lies; empty for the root. */
    static String packageOf(Path file) {
        Path inside = (file.startsWith(MAIN) ? MAIN : TEST).relativize(file);
        return inside.getNameCount() == 1 ? "" : inside.getName(0).toString();
    }

    static int line(String text, int offset) {
        return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    }

    /** Markdown of the repository: that beside the build file and that in docs. */
    static List<Path> pages() {
        try (Stream<Path> beside = Files.list(Path.of(""))) {
            return Stream.concat(beside.filter(path -> path.toString().endsWith(".md")), files(Path.of("docs"), ".md").stream()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
