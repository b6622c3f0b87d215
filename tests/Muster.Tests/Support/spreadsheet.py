"""Works a real LibreOffice for the tests: fills in a spreadsheet as a person would, or says what a file shows once it is opened.

Reads one JSON order from standard input:
    {"do": "fill", "open": PATH, "save": PATH, "sheet": NAME or null, "cells": [[ROW, COLUMN, KIND, VALUE], …]}
        rows and columns count from 1; KIND is "text" (exactly this text), "typed" (as if typed: LibreOffice decides what it is),
        "date" (an ISO date as a real date), "number", or "clear"
    {"do": "read", "open": PATH, "separator": ","}
        prints a JSON line for each cell that is not empty; CSV is opened with formulas switched on
LibreOffice has a profile of its own and is ended with this script.
"""

import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import Locale
from com.sun.star.table.CellContentType import FORMULA
from com.sun.star.uno import Exception as UnoException
from com.sun.star.util import NumberFormat

NULL_DATE = datetime.date(1899, 12, 30)


def setting(name, value):
    return PropertyValue(Name=name, Value=value)


def open_document(desktop, order):
    properties = [setting("Hidden", True)]
    if order["open"].lower().endswith((".csv", ".txt")):
        # Separator, quote, UTF-8, from line 1, English; numbers and dates recognised and formulas evaluated, as a careless person has it.
        separator = str(ord(order.get("separator") or ","))
        options = f"{separator},34,76,1,,1033,false,true,false,false,false,-1,true"
        properties += [setting("FilterName", "Text - txt - csv (StarCalc)"), setting("FilterOptions", options)]
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(order["open"]), "_blank", 0, tuple(properties))
    if document is None:
        raise SystemExit(f"LibreOffice could not open {order['open']}")
    return document


def fill(document, order):
    sheets = document.getSheets()
    sheet = sheets.getByName(order["sheet"]) if order.get("sheet") else first_visible(sheets)
    formats = document.getNumberFormats()
    date_format = formats.queryKey("YYYY-MM-DD", Locale("en", "US", ""), False)
    if date_format < 0:
        date_format = formats.addNew("YYYY-MM-DD", Locale("en", "US", ""))
    document.lockControllers()
    for row, column, kind, value in order["cells"]:
        cell = sheet.getCellByPosition(column - 1, row - 1)
        if kind == "text":
            cell.setString(value)
        elif kind == "typed":
            cell.FormulaLocal = value
        elif kind == "number":
            cell.setValue(value)
        elif kind == "date":
            cell.setValue((datetime.date.fromisoformat(value) - NULL_DATE).days)
            cell.NumberFormat = date_format
        elif kind == "clear":
            cell.setString("")
        else:
            raise SystemExit(f"unknown kind of cell: {kind}")
    document.unlockControllers()
    target = uno.systemPathToFileUrl(order["save"])
    document.storeToURL(target, (setting("FilterName", "Calc MS Excel 2007 XML"),))


def first_visible(sheets):
    return next(sheets.getByIndex(i) for i in range(sheets.getCount()) if sheets.getByIndex(i).IsVisible)


def read(document):
    formats = document.getNumberFormats()
    sheets = document.getSheets()
    for index in range(sheets.getCount()):
        sheet = sheets.getByIndex(index)
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        last = cursor.getRangeAddress()
        area = sheet.getCellRangeByPosition(0, 0, last.EndColumn, last.EndRow)
        # Two calls for all cells: each call to the other process takes a fraction of a millisecond, a million of them do not.
        for row, (values, formulas) in enumerate(zip(area.getDataArray(), area.getFormulaArray())):
            for column, (value, formula) in enumerate(zip(values, formulas)):
                if value != "" or formula != "":
                    found = {"sheet": sheet.getName(), "visible": bool(sheet.IsVisible), "row": row + 1, "column": column + 1}
                    found.update(described(sheet, row, column, value, formula, formats))
                    print(json.dumps(found, ensure_ascii=False))


def described(sheet, row, column, value, formula, formats):
    if isinstance(value, str) and not formula.startswith("="):
        return {"kind": "text", "value": value}
    cell = sheet.getCellByPosition(column, row)
    # A text may look like a formula; only its cell knows.
    if formula.startswith("=") and cell.getType() == FORMULA:
        return {"kind": "formula", "value": cell.getString(), "formula": formula}
    if isinstance(value, str):
        return {"kind": "text", "value": value}
    if formats.getByKey(cell.NumberFormat).Type & NumberFormat.DATE:
        moment = datetime.datetime.combine(NULL_DATE, datetime.time()) + datetime.timedelta(days=value)
        whole = moment.time() == datetime.time()
        return {"kind": "date", "value": moment.date().isoformat() if whole else moment.isoformat(timespec="seconds")}
    return {"kind": "number", "value": repr(value).removesuffix(".0")}


class Office:
    """A LibreOffice process; its first start in a new profile ends with 81, which asks for another."""

    RESTART = 81

    def __init__(self, profile):
        self.pipe = f"muster{os.getpid()}"
        self.command = [
            "/usr/lib/libreoffice/program/soffice.bin",
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            f"--accept=pipe,name={self.pipe};urp",
        ]
        # What it leaves behind when it is ended goes with the profile.
        self.environment = os.environ | {"TMPDIR": profile, "HOME": profile}
        self.start()

    def start(self):
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self.command, stdin=quiet, stdout=quiet, stderr=quiet, env=self.environment)

    def desktop(self):
        resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        deadline = time.monotonic() + 240
        while True:
            try:
                context = resolver.resolve(f"uno:pipe,name={self.pipe};urp;StarOffice.ComponentContext")
                return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            except NoConnectException:
                code = self.process.poll()
                if code == self.RESTART:
                    self.start()
                elif code is not None or time.monotonic() > deadline:
                    raise SystemExit(f"LibreOffice did not start (code {code})") from None
                time.sleep(0.1)

    def end(self, desktop):
        try:
            if desktop is not None:
                desktop.terminate()
            self.process.wait(timeout=10)
        except (UnoException, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()


def main():
    order = json.load(sys.stdin)
    with tempfile.TemporaryDirectory(prefix="muster-office-", ignore_cleanup_errors=True) as profile:
        # A copy is opened, because the lock file beside an original would outlive a run that was killed and keep the next one out.
        order["open"] = shutil.copy(order["open"], profile)
        office = Office(profile)
        desktop = None
        try:
            desktop = office.desktop()
            document = open_document(desktop, order)
            if order["do"] == "fill":
                fill(document, order)
            else:
                read(document)
            document.close(True)
        finally:
            office.end(desktop)


if __name__ == "__main__":
    main()
