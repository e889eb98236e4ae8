package io.modelbatch.base;

/** The environment cannot be used as it is set up: the message names the settings, and what to set. */
public final class SettingsException extends RuntimeException implements Explained {
    /** With what to tell the user. */
    public SettingsException(String message) {
        super(message);
    }

    /** With what to tell the user, and the failure that shows it. */
    public SettingsException(String message, Throwable cause) {
        super(message, cause);
    }
}
