package io.natsjob.store;

import io.natsjob.store.StoreException.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's error codes in plain words. The driver's own text is kept as the cause; SQLite puts no values into it. */
final class SqliteErrors {
    private static final int PRIMARY_CODE = 0xFF;

    private SqliteErrors() {}

    static StoreException of(Path file, String purpose, SQLException error) {
        if (!(error instanceof SQLiteException sqlite)) {
            return new StoreException(Kind.REJECTED, "cannot " + purpose + ": " + error.getMessage(), error);
        }
        SQLiteErrorCode code = sqlite.getResultCode();
        String reason = reason(file, code);
        if (reason == null) {
            return new StoreException(duplicate(code) ? Kind.DUPLICATE : Kind.REJECTED, "cannot " + purpose + ": " + error.getMessage(), error);
        }
        String message = "cannot " + purpose + ": " + reason + " (" + code.name() + ")";
        return primary(code) == SQLiteErrorCode.SQLITE_FULL ? StoreException.diskFull(message, error) : new StoreException(Kind.UNAVAILABLE, message, error);
    }

    private static boolean duplicate(SQLiteErrorCode code) {
        return switch (code) {
            case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID -> true;
            default -> false;
        };
    }

    /** Null for what is wrong with the statement or its values. */
    private static String reason(Path file, SQLiteErrorCode code) {
        if (code == SQLiteErrorCode.SQLITE_READONLY_DBMOVED) {
            return file + " was moved or deleted while open: put it back or restart";
        }
        return switch (primary(code)) {
            case SQLITE_FULL -> "the disk is full: free space on the disk of " + file;
            case SQLITE_BUSY, SQLITE_LOCKED -> file + " is locked by another program for too long: end that program, or its transaction";
            case SQLITE_READONLY -> file + " or its folder cannot be written: check owner, permissions and whether the disk is read-only";
            case SQLITE_CANTOPEN -> file + " cannot be opened: check that it is a file, and owner and permissions of it and its folder";
            case SQLITE_PERM, SQLITE_AUTH -> "access to " + file + " is denied: check owner and permissions";
            case SQLITE_NOTADB -> file + " is not a SQLite database: name another file, or move it away to start with an empty one";
            case SQLITE_CORRUPT -> file + " is damaged: restore a backup";
            case SQLITE_IOERR -> "the disk of " + file + " reports an error: check the disk and the system's log";
            case SQLITE_NOMEM -> "out of memory";
            case SQLITE_INTERRUPT -> "it took longer than allowed and was stopped";
            case SQLITE_PROTOCOL -> file + " cannot be locked: it must lie on a local disk, not on a network drive";
            default -> null;
        };
    }

    /** In WAL mode a commit that finds no room or no lock leaves no commit mark; after a failed fsync nobody knows. */
    static boolean surelyNotCommitted(SQLiteErrorCode code) {
        return switch (primary(code)) {
            case SQLITE_FULL, SQLITE_BUSY, SQLITE_READONLY, SQLITE_CONSTRAINT -> true;
            default -> false;
        };
    }

    private static SQLiteErrorCode primary(SQLiteErrorCode code) {
        return SQLiteErrorCode.getErrorCode(code.code & PRIMARY_CODE);
    }
}
