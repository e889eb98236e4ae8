package io.modelbatch.token;

import java.util.Arrays;

/**
 * The special-token template of a text or a pair: the tokens that stand around texts, and the token types of all.
 *
 * @param before in front of the first text
 * @param between between a first and a second text
 * @param after behind the last text
 * @param firstType the token type of the first text
 * @param secondType the token type of the second text
 */
record SpecialTokenTemplate(Tokens before, Tokens between, Tokens after, int firstType, int secondType) {
    /** Ids and types. */
    record Tokens(int[] ids, int[] types) {
        Tokens part(int from, int to) {
            return new Tokens(Arrays.copyOfRange(ids, from, to), Arrays.copyOfRange(types, from, to));
        }

        int find(int[] text, int from) {
            for (int at = from; at + text.length <= ids.length; at++) {
                if (Arrays.equals(ids, at, at + text.length, text, 0, text.length)) {
                    return at;
                }
            }
            throw new IllegalArgumentException("its post_processor changes the tokens of a text");
        }

        int type(int from, int to) {
            if (Arrays.stream(types, from, to).distinct().count() > 1) {
                throw new IllegalArgumentException("its post_processor gives a text several token types");
            }
            return types[from];
        }

        int copyTo(int[] allIds, int[] allTypes, int at) {
            System.arraycopy(ids, 0, allIds, at, ids.length);
            System.arraycopy(types, 0, allTypes, at, ids.length);
            return at + ids.length;
        }
    }

    /**
     * Around one text.
     *
     * @param text the tokens of a text alone
     * @param framed its tokens and the special tokens around them
     */
    static SpecialTokenTemplate aroundOne(int[] text, Tokens framed) {
        int from = framed.find(text, 0);
        int to = from + text.length;
        int type = framed.type(from, to);
        return new SpecialTokenTemplate(
                framed.part(0, from), framed.part(to, to), framed.part(to, framed.ids.length), type, type);
    }

    /**
     * Around two texts.
     *
     * @param text the tokens of a text alone
     * @param framed the tokens of twice that text, and the special tokens around them
     */
    static SpecialTokenTemplate aroundTwo(int[] text, Tokens framed) {
        int first = framed.find(text, 0);
        int firstEnd = first + text.length;
        int second = framed.find(text, firstEnd);
        int secondEnd = second + text.length;
        return new SpecialTokenTemplate(
                framed.part(0, first),
                framed.part(firstEnd, second),
                framed.part(secondEnd, framed.ids.length),
                framed.type(first, firstEnd),
                framed.type(second, secondEnd));
    }

    /** Number of special tokens. */
    int size() {
        return before.ids.length + between.ids.length + after.ids.length;
    }

    /** One text as the model reads it. */
    TokenIds around(int[] text, TruncatedRange cut, boolean truncated) {
        return around(text, cut, text, new TruncatedRange(0, 0), truncated);
    }

    /** Two texts as the model reads them. */
    TokenIds around(int[] first, TruncatedRange ofFirst, int[] second, TruncatedRange ofSecond, boolean truncated) {
        int[] ids = new int[size() + ofFirst.length() + ofSecond.length()];
        int[] types = new int[ids.length];
        int at = before.copyTo(ids, types, 0);
        System.arraycopy(first, ofFirst.from(), ids, at, ofFirst.length());
        Arrays.fill(types, at, at + ofFirst.length(), firstType);
        at = between.copyTo(ids, types, at + ofFirst.length());
        System.arraycopy(second, ofSecond.from(), ids, at, ofSecond.length());
        Arrays.fill(types, at, at + ofSecond.length(), secondType);
        after.copyTo(ids, types, at + ofSecond.length());
        return new TokenIds(ids, types, truncated);
    }
}
