#!/usr/bin/env bash
# Fetches COCO's photos to serve as negatives. Usage: scripts/get-coco.sh [val|train] [FOLDER]
#   val    val2017: 5,000 photos, 0.8 GB (enough to begin with; the default)
#   train  train2017: 118,000 photos, 18 GB
# An interrupted download is taken up again. The photos are under Flickr's terms: see https://cocodataset.org/#termsofuse
set -euo pipefail

part=${1:-val}
folder=${2:-data/coco}
case $part in
  val | train) ;;
  *) echo "Usage: $0 [val|train] [FOLDER]" >&2; exit 1 ;;
esac

mkdir -p "$folder"
archive=$folder/${part}2017.zip
curl --fail --location --continue-at - --output "$archive" "http://images.cocodataset.org/zips/${part}2017.zip"
unzip -q -n "$archive" -d "$folder"
rm "$archive"
echo "$(find "$folder/${part}2017" -name '*.jpg' | wc -l) photos in $folder/${part}2017"
echo "next: trainer train --normal <folder of your subject> --coco $folder/${part}2017"
