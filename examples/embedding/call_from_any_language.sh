#!/bin/sh
# A program in any language starts `qmi-rules`, writes a document to its standard input and reads the answer:
# status 0 and JSON on standard output, or status 2 and the faults as JSON on standard error (code, path, parameters, message).
set -eu

answer=$(qmi-rules decide --json - <<'JSON'
{"title": "Capteurs", "contract_type": "services", "launched_on": "2026-05-15", "estimated_value": "85000", "innovative": true}
JSON
)
printf '%s\n' "$answer" | grep -o '"lightest":"[a-z_]*"'

if printf '{"title": "Capteurs", "launched_on": "2026-05-15", "colour": "green"}' | qmi-rules decide --json - 2> faults.txt; then
    echo "a wrong document was taken" >&2
    exit 1
else
    [ $? -eq 2 ] && sed 's/^/refused: /' faults.txt
fi
rm -f faults.txt
