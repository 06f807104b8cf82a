package io.natsjob.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * {@code app.log}, appended to, nothing kept in memory. After a failure (disk full, folder gone) it is opened anew at the next
 * batch. For the writer thread alone; not forced to the disk, so power loss may take the last lines.
 */
final class LogFile implements AutoCloseable {
    private final Path path;
    private FileChannel channel;

    LogFile(Path folder) {
        this.path = folder.resolve("app.log");
    }

    Path path() {
        return path;
    }

    /** Appends the bytes; after an exception some of them may be in the file. */
    void append(byte[] lines) throws IOException {
        try {
            if (channel == null) {
                open();
            }
            writeFully(ByteBuffer.wrap(lines));
        } catch (IOException e) {
            closeAfter(e);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    private void open() throws IOException {
        Files.createDirectories(path.getParent());
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        if (endsInsideLine()) {
            writeFully(ByteBuffer.wrap(new byte[] {'\n'}));
        }
    }

    /** A kill or a full disk can leave half a line, which must not swallow the next one. */
    private boolean endsInsideLine() throws IOException {
        try (FileChannel reader = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = reader.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            return size > 0 && reader.read(last, size - 1) == 1 && last.get(0) != '\n';
        }
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void closeAfter(IOException failure) {
        try {
            close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
