// Calls to the program, and what it sent to the database meanwhile.
//   await call("rows", { model: "User", take: 50 })      throws Failure
//   statements        the last ones, newest first; onStatements(fn) tells of new ones
const MAX_KEPT = 200;

// The token comes behind the # of the address, which no server and no other site sees, and stays with this tab.
const given = /^#token=([0-9a-f]+)$/.exec(location.hash);
if (given) {
  sessionStorage.setItem("token", given[1]);
  history.replaceState(null, "", "/");
}
const token = sessionStorage.getItem("token") ?? "";

export class Failure extends Error {
  constructor(problem) {
    super(problem.message);
    Object.assign(this, problem);
  }
}

export const statements = [];
const listeners = [];
export const onStatements = (fn) => listeners.push(fn);

function note(answer, name) {
  if (!answer.statements.length) return;
  for (const statement of answer.statements) statements.unshift({ ...statement, name });
  statements.length = Math.min(statements.length, MAX_KEPT);
  for (const fn of listeners) fn();
}

async function post(name, body) {
  try {
    return await fetch(`/api/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Lorm-Token": token },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Failure({ message: "lorm studio does not answer: was it stopped?" });
  }
}

export async function call(name, body = {}) {
  const response = await post(name, body);
  if (!response.ok) throw new Failure({ message: (await response.text()).trim(), status: response.status });
  const answer = await response.json();
  note(answer, name);
  if (answer.error) throw new Failure(answer.error);
  return { result: answer.result, millis: answer.millis, statements: answer.statements };
}
