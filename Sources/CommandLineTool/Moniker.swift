@main struct Moniker { static func main() {} }
