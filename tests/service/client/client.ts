// A client made from the OpenAPI document: it compiles under --strict and reads real answers.
import type { components, paths } from "./api";

type Schemas = components["schemas"];
type Purchase = Schemas["Purchase"];
type Card = Schemas["DecisionCard"];
type Decision = Schemas["Decision"];
type Problem = Schemas["ProblemDetails"];
type Asked = NonNullable<paths["/v1/decide"]["post"]["parameters"]["query"]>;

const base = process.argv[2]!;

async function post<T>(path: string, document: unknown): Promise<T> {
  const answer = await fetch(base + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(document),
  });
  return (await answer.json()) as T;
}

function must(truth: boolean, what: string): void {
  if (!truth) throw new Error(what);
}

const sensors: Purchase = {
  title: "Capteurs",
  launched_on: "2026-05-15",
  contract_type: "services",
  estimated_value: "85000",
  buyer: { kind: "commune" },
};

async function main(): Promise<void> {
  const asked: Asked = { lang: "en", detail: "answer" };
  const card = await post<Card>(`/v1/decide?lang=${asked.lang}&detail=${asked.detail}`, sensors);
  must(card.answer.procedure === "adapted_procedure", "procedure");
  must(card.answer.next?.fact === "innovative", "next");

  const whole = await post<Decision>("/v1/decide?detail=full", { ...sensors, innovative: true } satisfies Purchase);
  const open = whole.options.filter((option) => option.status === "open").map((option) => option.procedure);
  must(open.includes("innovative_purchase"), "open");

  const problem = await post<Problem>("/v1/decide?lang=en", { title: "x", launched_on: "15/05/2026" });
  const codes: Schemas["Fault"]["code"][] = problem.faults.map((fault) => fault.code);
  must(codes.length === 1 && codes[0] === "not_a_date", "faults");

  const law: Schemas["LawOfTheDay"] = await (await fetch(`${base}/v1/law?on=2026-05-15`)).json();
  must(law.thresholds.length > 10, "law");
  const found: Schemas["CommunesFound"] = await (await fetch(`${base}/v1/communes?q=meudon`)).json();
  must(found.communes[0]?.insee_code === "92048", "communes");
  console.log("read");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
