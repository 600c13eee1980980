// The input types that Prisma makes of a schema, a line each: its name, its fields, ! behind those that are required.
//   npm install @prisma/prisma-schema-wasm@6.19.0-26.2ba551f319ab1df4bc874a89965d8b3641056773
//   node tests/generate/inputs.js tests/generate/shapes.prisma > tests/generate/shapes.txt
const prisma = require('@prisma/prisma-schema-wasm')
const schema = require('fs').readFileSync(process.argv[2], 'utf8')
const dmmf = JSON.parse(prisma.get_dmmf(JSON.stringify({ prismaSchema: schema, noColor: true })))
for (const type of dmmf.schema.inputObjectTypes.prisma ?? [])
  console.log([type.name, ...type.fields.map((f) => f.name + (f.isRequired ? '!' : ''))].join(' '))
