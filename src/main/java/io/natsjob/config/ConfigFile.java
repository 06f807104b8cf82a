package io.natsjob.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A {@code config.yaml}: one flat mapping of setting names (in any case) to scalars. The scalars' text is taken as written, never turned
 * into objects, so {@code 007} stays {@code 007}. Messages name keys and lines, never text of the file, which holds secrets.
 */
final class ConfigFile {
    static final int MAX_BYTES = 1 << 20;

    private static final int ALIASES_MAX = 10;
    private static final int NESTING_MAX = 10;

    private final String source;
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private ConfigFile(String source) {
        this.source = source;
    }

    /** What the file gives; nothing where there is no such file. */
    static Layer read(String source, Path path) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            return Layer.empty(source);
        } catch (IOException e) {
            // Where there is no folder there is no file; one that cannot be made is warned of at start.
            if (!Files.isDirectory(path.getParent())) {
                return Layer.empty(source);
            }
            return Layer.failed(source, source + " cannot be read: " + e.getClass().getSimpleName());
        }
        if (bytes.length > MAX_BYTES) {
            return Layer.failed(source, source + " is larger than " + MAX_BYTES + " bytes");
        }
        ConfigFile file = new ConfigFile(source);
        file.parse(bytes);
        return new Layer(source, file.texts, file.warnings, file.problems);
    }

    private void parse(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            Node root = yaml().compose(new StringReader(text.startsWith("\ufeff") ? text.substring(1) : text));
            if (root instanceof MappingNode mapping) {
                pairs(mapping);
            } else if (root != null && !root.getTag().equals(Tag.NULL)) {
                problems.add(source + " is not a list of lines of the form NAME: \"value\"");
            }
        } catch (CharacterCodingException e) {
            problems.add(source + " is not UTF-8");
        } catch (MarkedYAMLException e) {
            String line = e.getProblemMark() == null ? "" : " in line " + (e.getProblemMark().getLine() + 1);
            problems.add(source + " is not YAML" + line + "; allowed: lines of the form NAME: \"value\"");
        } catch (YAMLException e) {
            problems.add(source + " is not YAML; allowed: lines of the form NAME: \"value\", no control characters");
        }
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_BYTES);
        options.setMaxAliasesForCollections(ALIASES_MAX);
        options.setNestingDepthLimit(NESTING_MAX);
        return new Yaml(new SafeConstructor(options));
    }

    private void pairs(MappingNode mapping) {
        Set<String> seen = new HashSet<>();
        for (NodeTuple pair : mapping.getValue()) {
            int line = pair.getKeyNode().getStartMark().getLine() + 1;
            if (!(pair.getKeyNode() instanceof ScalarNode key)) {
                problems.add(source + " line " + line + ": the key is not a name");
                continue;
            }
            // The original reads keys in any case.
            String name = key.getValue().toUpperCase(Locale.ROOT);
            if (Setting.named(name).isEmpty()) {
                warnings.add("unknown key in " + source + " line " + line + " has no effect: " + shown(key.getValue())
                        + Nearest.hint(name, Setting.NAMES));
            } else if (!seen.add(name)) {
                problems.add(source + " line " + line + ": " + name + " stands there twice");
            } else {
                value(name, pair.getValueNode(), line);
            }
        }
    }

    private void value(String name, Node node, int line) {
        if (!(node instanceof ScalarNode scalar)) {
            problems.add(source + " line " + line + ": the value of " + name + " is not a single text; write " + name + ": \"value\"");
            return;
        }
        // An unquoted password that begins with ! or & is a tag or an anchor to YAML, and its value empty.
        boolean tagged = !scalar.getTag().getValue().startsWith(Tag.PREFIX);
        if (tagged || scalar.getAnchor() != null && scalar.getValue().isEmpty()) {
            problems.add(source + " line " + line + ": the value of " + name + " must stand in quotes");
        } else if (!scalar.getTag().equals(Tag.NULL)) {
            texts.put(name, scalar.getValue());
        }
    }

    private static String shown(String key) {
        String cut = key.length() > 80 ? key.substring(0, 80) + "..." : key;
        return cut.replaceAll("[^A-Za-z0-9_.-]", "?");
    }
}
