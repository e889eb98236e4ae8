package io.modelbatch.report;

import io.modelbatch.report.html.Amount;
import io.modelbatch.report.html.Cell;
import io.modelbatch.report.html.Html;

/** The section about the cost of a run. */
final class Costs {
    private static final double TIB = 1024.0 * 1024 * 1024 * 1024;

    private Costs() {}

    static void write(Html html, Cost cost) {
        Sections.open(html, "cost", "Cost");
        String currency = cost.currency() == null ? "" : cost.currency();
        if (cost.total() != null) {
            html.element("p", Amount.price(cost.total(), currency) + " by the configured prices.", "class", "lead");
        } else {
            html.element("p", "Without a total: prices are not configured, or not all of them.");
        }
        html.open("dl", "class", "facts");
        if (cost.bytesBilled() != null) {
            Sections.item(html, "Bytes billed", Cell.of(Amount.bytes(cost.bytesBilled())));
            if (cost.queryPrice() != null) {
                Sections.item(html, "Price of a TiB", Cell.of(Amount.price(cost.queryPrice(), currency)));
                Sections.item(
                        html, "Queries", Cell.of(Amount.price(cost.bytesBilled() / TIB * cost.queryPrice(), currency)));
            }
        }
        Sections.item(html, "Device in use", Cell.of(Amount.duration(cost.deviceHours() * 3600)));
        if (cost.device() != null) {
            Sections.item(html, "Device", Cell.of(cost.device()));
        }
        if (cost.deviceHourPrice() != null) {
            Sections.item(html, "Price of an hour", Cell.of(Amount.price(cost.deviceHourPrice(), currency)));
            Sections.item(
                    html, "Devices", Cell.of(Amount.price(cost.deviceHours() * cost.deviceHourPrice(), currency)));
        }
        html.end();
        Sections.close(html);
    }
}
