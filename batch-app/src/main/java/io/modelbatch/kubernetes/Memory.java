package io.modelbatch.kubernetes;

import java.math.BigInteger;

/** An amount of memory as job files write it: a whole number of Mi, Gi or Ti. */
record Memory(BigInteger mebibytes) implements Comparable<Memory> {
    private static final BigInteger KIBI = BigInteger.valueOf(1024);

    static Memory parse(String text) {
        BigInteger number = new BigInteger(text.substring(0, text.length() - 2));
        return new Memory(
                switch (text.charAt(text.length() - 2)) {
                    case 'M' -> number;
                    case 'G' -> number.multiply(KIBI);
                    default -> number.multiply(KIBI).multiply(KIBI);
                });
    }

    static Memory gibibytes(int number) {
        return new Memory(BigInteger.valueOf(number).multiply(KIBI));
    }

    @Override
    public int compareTo(Memory other) {
        return mebibytes.compareTo(other.mebibytes);
    }

    /** As Kubernetes writes it. */
    @Override
    public String toString() {
        BigInteger[] gibibytes = mebibytes.divideAndRemainder(KIBI);
        return gibibytes[1].signum() == 0 ? gibibytes[0] + "Gi" : mebibytes + "Mi";
    }
}
