// Builds the documentation as a site in a folder, reports/site by default: npm run site. It opens from the disk, without
// a server and without a network.
import { writeOwnFolder } from '../../src/files/own-folder.ts'
import { apiReference } from './api-reference.ts'
import { siteFiles } from './site-files.ts'

const folder = process.argv[2] ?? 'reports/site'
await writeOwnFolder(folder, await siteFiles(await apiReference()), { force: false, isAll: true })
console.log(`${folder}/index.html`)
