// Lets so many clients, each with a key of its own, search for the same at once.
// node one_search_each.js SERVER CLIENTS
import { GiphyFetch, setServerUrl } from '@giphy/js-fetch-api'

const [server, clients] = process.argv.slice(2)
setServerUrl(`${server}/v1/`)

const searches = Array.from({ length: Number(clients) }, (_, number) =>
    new GiphyFetch(`key of client ${number}`).search('cats', { limit: 5 })
)
const answers = await Promise.all(searches)
process.stdout.write(JSON.stringify(answers.map((answer) => answer.data.map((gif) => gif.id))))
