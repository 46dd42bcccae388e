// Calls every method of Giphy's JavaScript SDK and prints what came of it.
// node every_method.js SERVER KEY
import { GiphyFetch, gifPaginator, setServerUrl } from '@giphy/js-fetch-api'

const [server, key] = process.argv.slice(2)
setServerUrl(`${server}/v1/`)
const giphy = new GiphyFetch(key)

const found = await giphy.search('cats', { limit: 3, rating: 'g' })
const ids = found.data.map((gif) => gif.id)
const emoji = (await giphy.emojiDefaultVariations({ limit: 1 })).data[0].id
const paged = { limit: 2, offset: 1 }

const calls = {
    search: [
        () => giphy.search('cats', { limit: 3 }),
        () => giphy.search('good morning', { ...paged, rating: 'pg', lang: 'de', sort: 'recent' }),
        () => giphy.search('dogs', { ...paged, type: 'stickers' }),
        () => giphy.search('hello', { ...paged, type: 'text' }),
        () => giphy.search('cats', { ...paged, channel: 'lunaloops', explore: true }),
    ],
    trending: [
        () => giphy.trending(),
        () => giphy.trending({ ...paged, type: 'stickers', rating: 'g' }),
        () => giphy.trending({ ...paged, type: 'text' }),
    ],
    gif: [() => giphy.gif(ids[0])],
    gifs: [() => giphy.gifs(ids), () => giphy.gifs('animals', 'cat')],
    related: [
        () => giphy.related(ids[0], paged),
        () => giphy.related(ids[0], { ...paged, type: 'stickers', rating: 'g' }),
    ],
    categories: [() => giphy.categories(), () => giphy.categories(paged)],
    subcategories: [() => giphy.subcategories('animals', paged)],
    channels: [() => giphy.channels('luna', { limit: 5 })],
    animate: [() => giphy.animate('good morning', paged)],
    emoji: [() => giphy.emoji(paged)],
    emojiDefaultVariations: [() => giphy.emojiDefaultVariations(paged)],
    emojiVariations: [() => giphy.emojiVariations(emoji)],
    random: [
        () => giphy.random({ tag: 'cats' }),
        () => giphy.random({ tag: 'cats', type: 'stickers', rating: 'g' }),
    ],
}

const answers = {}
for (const [name, made] of Object.entries(calls)) {
    answers[name] = []
    for (const call of made) answers[name].push(await call())
}

const next = gifPaginator((offset) => giphy.search('cats', { limit: 3, offset }))
await next()

process.stdout.write(
    JSON.stringify({
        methods: Object.getOwnPropertyNames(GiphyFetch.prototype).filter((name) => name !== 'constructor'),
        answers,
        paginated: (await next()).map((gif) => gif.id),
    })
)
